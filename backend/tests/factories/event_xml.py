"""A Windows event as XML text."""

from __future__ import annotations

EVENT = """<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System>\
<Provider Name='Microsoft-Windows-Security-Auditing' Guid='{54849625-5478-4994-A5BA-3E3B0328C30D}'/>\
<EventID Qualifiers='0'>4624</EventID><TimeCreated SystemTime='2026-11-23T05:21:48.1234567Z'/><Correlation/>\
<Channel>Security</Channel></System><EventData><Data Name='TargetUserName'>ada &amp; co</Data>\
<Data Name='Empty'></Data><Data>unnamed</Data></EventData></Event>"""
