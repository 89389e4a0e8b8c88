"""Case selection: who is on the list, who is drawn, and how anyone can check it."""
