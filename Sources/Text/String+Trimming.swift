extension String {
  /// Without white space at either end; `nil` when there is nothing else.
  package func trimmingWhitespace() -> String? {
    guard let first = unicodeScalars.firstIndex(where: { !$0.properties.isWhitespace }),
      let last = unicodeScalars.lastIndex(where: { !$0.properties.isWhitespace })
    else { return nil }
    return String(unicodeScalars[first...last])
  }
}
