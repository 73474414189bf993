<?php require 'page.php';
// A forgotten page for the staff, linked from nowhere.
// Deliberately vulnerable: the name is pasted into a command line (command injection).
top('Is the depot there?');
echo '<pre>';
system('ping -c 1 -W 1 ' . ($_GET['depot'] ?? 'db01') . ' 2>&1');
echo '</pre>';
bottom();
