import Text

extension String {
  /// Calls `body` with the bytes that this path stands for, and NUL behind them: see `SystemText`.
  package func withSystemPath<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
    if SystemText.isVerbatim(self) { return withCString(body) }
    return (SystemText.bytes(self) + [0]).withUnsafeBufferPointer { bytes in
      bytes.withMemoryRebound(to: CChar.self) { body($0.baseAddress!) }
    }
  }
}
