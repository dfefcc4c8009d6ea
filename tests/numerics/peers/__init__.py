"""What other libraries compute, one file per topic: see peers_test.py."""
