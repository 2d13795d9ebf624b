print("torrentctl")
