"""What the site's author can look over: how every comment was read, and which readings it pays to check."""
