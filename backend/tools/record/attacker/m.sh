#!/bin/sh
# A harmless stand-in for a crypto miner: it only prints a line.
echo "nothing to see here"
