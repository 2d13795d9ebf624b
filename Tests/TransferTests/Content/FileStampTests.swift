import Platform
import Testing

@testable import Transfer

@Suite struct FileStampTests {
  private func stamp(
    length: Int = 5, device: UInt64 = 1, inode: UInt64 = 2, modified: Int = 3, changed: Int = 4
  ) -> FileStamp {
    FileStamp(
      FileStatus(
        kind: .regular, length: length, device: device, inode: inode, modified: modified, changed: changed))
  }

  @Test("D07 whatever tells one state of a file from another changes its stamp")
  func differs() {
    #expect(stamp() == stamp() && stamp() != .unknown)
    let others = [
      stamp(length: 6), stamp(device: 7), stamp(inode: 8), stamp(modified: 9), stamp(changed: 10),
    ]
    #expect(Set(others + [stamp()]).count == 6)
    // What has changed places is not the same.
    #expect(stamp(device: 2, inode: 1) != stamp() && stamp(modified: 4, changed: 3) != stamp())
  }
}
