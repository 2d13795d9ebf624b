/// What the kernel says of a disk below `/sys/dev/block`.
package struct BlockDevice {
  /// The folder of the disk itself; of the disk that a partition is on.
  private let folder: String

  /// `nil` when the number is not that of a disk, such as a file system in memory or on the network.
  ///
  /// - Parameters:
  ///   - number: `st_dev` of a file.
  ///   - root: Where the kernel's folders are; another one in tests.
  package init?(number: UInt64, root: String = "/sys/dev/block") {
    let (major, minor) = Self.split(number)
    let link = DiskPath.joined(root, "\(major):\(minor)")
    guard let resolved = try? DiskPath.resolved(link) else { return nil }
    let isPartition = SystemFile.exists(DiskPath.joined(resolved, "partition"))
    folder = isPartition ? DiskPath.folder(of: resolved) : resolved
  }

  /// Whether it is a disk that turns, as far as the kernel knows: virtual machines often claim so of any disk.
  package var isRotating: Bool {
    let path = DiskPath.joined(folder, "queue/rotational")
    return (try? FileContents.read(path, limit: 4096))?.first == UInt8(ascii: "1")
  }

  /// The major and the minor number in `st_dev`, which interleaves them (glibc's `gnu_dev_major`).
  package static func split(_ number: UInt64) -> (major: UInt64, minor: UInt64) {
    ((number >> 8) & 0xfff | (number >> 32) & 0xffff_f000, number & 0xff | (number >> 12) & 0xffff_ff00)
  }
}
