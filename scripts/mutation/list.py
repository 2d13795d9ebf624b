"""Small changes that tests must notice: (what, file below Sources, text, its replacement, tests that should notice).

A text stands once in its file. One that nothing can notice has a reason as its last element; it is still made, so that
the list stays true.
"""

SWARM = "Transfer/Swarm/"
CONTENT = "Transfer/Content/"
GOVERNOR = "Transfer/Governor/"

MUTATIONS = [
    # The four doors of a hostile peer.
    ("a block of a piece on parole is taken from anybody", SWARM + "Fetching/SwarmCore+Blocks.swift",
     "if fetching.active[index].isOnParole, fetching.pool.owner(of: block.piece) != key { return nil }", "", "TransferTests"),
    ("a block is taken that was never asked for", SWARM + "Fetching/SwarmCore+Blocks.swift",
     "|| peers[key]?.supply.window.contains(block) == true\n", "|| true\n", "TransferTests"),
    ("a block is taken that is there already", SWARM + "Fetching/SwarmCore+Blocks.swift",
     "guard !fetching.active[index].blocks[number].isReceived,", "guard", "TransferTests"),
    ("a block is taken of a piece that is being checked", SWARM + "Fetching/SwarmCore+Blocks.swift",
     "!fetching.active[index].isBeingChecked, let number", "let number", "TransferTests",
     "every block of such a piece is there, which the next condition refuses as well"),

    ("a piece on parole is passed on half done", SWARM + "Fetching/SwarmCore+Failing.swift",
     "\n        || fetching.active[index].isOnParole\n", "\n", "TransferTests"),
    ("memory for pieces under way has no bound", SWARM + "Fetching/SwarmCore+Requests.swift",
     "<= fetching.buffersAllowed(peers, atMost: limits.bufferBudget)", ">= 0", "TransferTests"),
    ("the end game is from the start", SWARM + "Fetching/Fetching.swift",
     "{ picker.isSpent || spentVersion == picker.version }", "{ true }", "TransferTests"),
    ("the end game asks for 58 blocks twice", SWARM + "Fetching/SwarmCore+EndGame.swift",
     "endGameWindow = 8", "endGameWindow = 58", "TransferTests"),
    ("a block that comes late does not lift the snub", SWARM + "Fetching/SwarmCore+Blocks.swift",
     "    if peers[key]?.supply.isSnubbed == true { liftSnub(of: key) }\n", "", "TransferTests"),
    ("a window grows while its blocks take twenty round trips", SWARM + "Fetching/RequestWindow.swift",
     "shortest * 2", "shortest * 20", "TransferTests"),
    ("a bucket saves up without bound", GOVERNOR + "TokenBucket.swift",
     "min(tokens + (now - $0).seconds * Double(rate), most)", "tokens + (now - $0).seconds * Double(rate)",
     "TransferTests"),
    ("read-ahead takes another block's header for the one that it expected", "Transfer/Wire/PeerDialect.swift",
     ", raw == expected\n", "\n", "TransferTests"),
    ("a file is named before it is on the disk", "Platform/Files/WholeFile.swift",
     "      try calls.sync(temporary.descriptor)\n", "", "PlatformTests"),
    ("a name is not made durable", "Platform/Files/WholeFile.swift", "    calls.syncFolder(folder)\n", "", "PlatformTests"),
    ("a file that is too short gets its name", CONTENT + "Payload+Finish.swift",
     "guard size >= length else", "guard size >= 0 else", "TransferTests"),
    ("a piece that is there is written again", CONTENT + "Payload+Store.swift",
     "    if isVerified(piece) { return stored }\n", "", "TransferTests"),
    ("a file that begins where a range ends is looked at", "Metainfo/Model/Layout/FileLayout.swift",
     "guard file.offset < range.upperBound else", "guard file.offset <= range.upperBound else", "MetainfoTests",
     "what such a file has in common with the range is empty, and empty parts are left out"),

    # Fetching.
    ("who has sent proven lies is not banned", SWARM + "Fetching/SwarmCore+Checking.swift",
     "      ban(guilty, at: now, into: &actions)\n    }\n    if isComplete", "    _ = guilty\n    }\n    if isComplete",
     "TransferTests"),
    ("a peer keeps as many requests as it likes to say", SWARM + "Fetching/RequestWindow.swift",
     "allowed = min(max(count, 1), Self.maximum)", "allowed = max(count, 1)", "TransferTests"),
    ("after a stall as much is asked for as before", SWARM + "Fetching/RequestWindow.swift",
     "target = min(Self.minimum, allowed)", "target = allowed", "TransferTests"),
    ("a request that was refused counts for the limit", SWARM + "Fetching/SwarmCore+Requests.swift",
     "        return governor.download.giveBack(PieceGeometry.blockLength, of: self.key)\n", "        return\n",
     "TransferTests"),
    ("no end game copy is cancelled", SWARM + "Fetching/SwarmCore+Blocks.swift",
     "      send(.cancel(RawBlock(block)), to: other, at: now, into: &actions)\n", "", "TransferTests"),

    # Offering.
    ("a peer may ask for any number of blocks", SWARM + "Offering/SwarmCore+Uploading.swift",
     "waiting < Self.longestUploadQueue else", "waiting >= 0 else", "TransferTests"),
    ("a block is given that is not here", SWARM + "Offering/SwarmCore+Uploading.swift",
     "guard peers[key]?.demand.isChoked == false, have.contains(block.piece) else",
     "guard peers[key]?.demand.isChoked == false else", "TransferTests"),
    ("a slot that nobody uses stays where it is", SWARM + "Offering/SwarmCore+Choking.swift",
     "idle >= limits.choking.unused {", "idle >= limits.choking.unused * 100 {", "TransferTests"),
    ("whom a limit holds back loses its slot", SWARM + "Offering/SwarmCore+Choking.swift",
     "for key in offering.unchoked where !governor.upload.isWaiting(key, of: self.key) {", "for key in offering.unchoked {",
     "TransferTests"),
    ("a choke does not drop what was asked for", SWARM + "Offering/SwarmCore+Choking.swift",
     "for block in waiting { refuse(block, of: key, at: now, into: &actions) }", "_ = waiting", "TransferTests"),
    ("who wasted a slot comes first", SWARM + "Offering/Choker.swift",
     "if a.hasWasted != b.hasWasted { return b.hasWasted }", "if a.hasWasted != b.hasWasted { return a.hasWasted }",
     "TransferTests"),

    # Partners.
    ("who is of use gives way to a newcomer", SWARM + "Partners/SwarmCore+Seats.swift",
     "return now - last < Self.seatKept ? nil : 4", "return 4", "TransferTests"),
    ("a newcomer gives way at once", SWARM + "Partners/SwarmCore+Seats.swift",
     "now - peer.joined >= Self.seatGrace else", "now >= peer.joined else", "TransferTests"),
    ("more are dialed than there are seats", SWARM + "Partners/SwarmCore+Peers.swift",
     "guard governor.seats.taken + governor.dials.taken < governor.seats.capacity else",
     "guard governor.seats.taken < governor.seats.capacity else", "TransferTests"),
    ("in a crowd each dial has the whole time", SWARM + "Partners/SwarmCore+Peers.swift",
     "within: isCrowded ? Self.patienceInCrowd : Self.patience", "within: Self.patience", "TransferTests"),
    ("an address that never answers is dialed for ever", SWARM + "Partners/AddressBook.swift",
     "guard entry.isLasting || failures < Self.failuresAllowed else", "guard failures > 0 else", "TransferTests"),
    ("the address book has no end", SWARM + "Partners/AddressBook.swift",
     "guard entries.count < Self.capacity || isLasting else", "guard entries.count >= 0 else", "TransferTests"),
    ("a dial that has failed is repeated at once", SWARM + "Partners/AddressBook.swift",
     "wait(endpoint, until: now + min(first * (1 << min(failures - 1, 16)), longest))", "wait(endpoint, until: now)",
     "TransferTests"),

    # The governor.
    ("no seat is kept for those who are dialed", GOVERNOR + "Seats.swift",
     "capacity < 8 ? 0 : capacity / 8", "0", "TransferTests"),
    ("one address may have every seat", GOVERNOR + "Seats.swift", "max(2, capacity / 16)", "capacity", "TransferTests"),
    ("who comes last passes those in line", GOVERNOR + "Bandwidth.swift",
     "line.isEmpty && branches[torrent]?.line.isEmpty ?? true", "true", "TransferTests"),
    ("more slots are given than there are", GOVERNOR + "UploadSlots.swift",
     "guard taken < capacity, (shares", "guard (shares", "TransferTests"),

    # The wire.
    ("an unknown message may have any length", "Transfer/Wire/FrameDecoder.swift",
     "guard length <= Self.longestUnknown || length == 1 + bitfieldLength else", "guard length > 0 else", "TransferTests"),
    ("a bitfield may have spare bytes", "Transfer/Wire/FrameDecoder.swift",
     "guard length - 1 == bitfieldLength else", "guard length - 1 >= bitfieldLength else", "TransferTests"),
    ("an extension handshake may say that nothing is kept", "Transfer/Wire/ExtensionHandshake.swift",
     "$0 > 0 ? Int(min($0, 65_535)) : nil", "Int(min($0, 65_535))", "TransferTests"),

    # Content.
    ("a stamp does not tell when the file was written", CONTENT + "FileStamp.swift",
     "    mix(UInt64(bitPattern: Int64(status.modified)))\n", "", "TransferTests",
     "every write changes the time of change as well, which is in the stamp and nobody can set"),
    ("a stamp does not tell one file from another", CONTENT + "FileStamp.swift", "    mix(status.inode)\n", "", "TransferTests"),
    ("a piece of a changed file is sent without a look", CONTENT + "Payload+Readiness.swift",
     "state.verified.contains(span.piece) && (state.doubted.isEmpty || !state.doubted.contains(span.piece))",
     "state.verified.contains(span.piece)", "TransferTests"),
    ("any partial file counts as ours", CONTENT + "Payload+Mark.swift",
     "fileSystem.mark(of: descriptor) == mark(of: file)", "true", "TransferTests"),
]
