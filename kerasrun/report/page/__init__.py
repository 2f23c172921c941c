"""A run as one page of HTML that needs nothing else: `facts` holds what it shows, `page` and `compared` write it."""
