import Bencode

/// Any bytes: what is read comes back from its encoding, and strict reading accepts nothing but that encoding.
func fuzzBencode(_ bytes: [UInt8]) {
  guard let document = try? BencodeDocument(bytes) else { return }
  let isStrict = (try? BencodeDocument(bytes, reading: .strict)) != nil
  precondition(isStrict == document.warnings.isEmpty)
  guard let value = BencodeValue(document.root) else { return }
  let encoded = value.encoded()
  let again = try? BencodeDocument(encoded, reading: .strict)
  precondition(again.flatMap { BencodeValue($0.root) } == value)
  precondition(!isStrict || encoded == bytes)
  // B12: what is written stays as it is when it is read and written again.
  precondition(again.flatMap { BencodeValue($0.root) }?.encoded() == encoded)
}
