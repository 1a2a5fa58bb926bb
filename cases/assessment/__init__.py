"""What an application is, how urgent, and what is suggested to the person who decides that."""
