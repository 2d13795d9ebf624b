import TestKit
import Testing

@testable import Platform

@Suite("Disks")
struct BlockDeviceTests {
  /// Folders as the kernel has them: a link by number to a disk or to a partition in a disk's folder.
  private func kernel(rotational: String) throws -> ContentFolder {
    let folder = try ContentFolder()
    try folder.write("devices/vda/queue/rotational", Array("\(rotational)\n".utf8))
    try folder.write("devices/vda/vda1/partition", Array("1\n".utf8))
    try folder.makeFolder("block")
    try folder.link("block/254:0", to: "../devices/vda")
    try folder.link("block/254:1", to: "../devices/vda/vda1")
    return folder
  }

  @Test(
    "a disk and its partition turn, or they don't", arguments: [("1", true), ("0", false)], [0xfe00, 0xfe01])
  func rotating(told: (String, Bool), number: UInt64) throws {
    let folder = try kernel(rotational: told.0)
    let device = try #require(BlockDevice(number: number, root: folder["block"]))
    #expect(device.isRotating == told.1)
  }

  @Test("what is no disk has no device")
  func none() throws {
    let folder = try kernel(rotational: "1")
    #expect(BlockDevice(number: 0x17, root: folder["block"]) == nil)
  }

  /// Above 12 bits of major and 8 of minor number, st_dev interleaves the two.
  @Test("device numbers are taken apart")
  func numbers() {
    #expect(BlockDevice.split(0xfe00) == (254, 0))
    #expect(BlockDevice.split(0x0000_1000_0012_3456) == (0x1234, 0x156))
    #expect(BlockDevice.split(0x0000_0000_0010_0801) == (8, 0x101))
  }
}
