"""Letters: who is told what and when, looked at before it leaves, and never sent twice."""
