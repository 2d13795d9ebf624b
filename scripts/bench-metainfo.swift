import Glibc
import Metainfo

// The median time in milliseconds that reading a .torrent into the full model takes, file included.
let path = CommandLine.arguments[1]

func milliseconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return Double(time.tv_sec) * 1e3 + Double(time.tv_nsec) / 1e6
}

var times: [Double] = []
for _ in 0..<31 {
  let start = milliseconds()
  let torrent = try TorrentFile.read(path: path)
  times.append(milliseconds() - start)
  precondition(torrent.info.files.count > 0)
}
times.sort()
print(times[times.count / 2])
