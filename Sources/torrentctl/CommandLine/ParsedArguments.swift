import Text

/// The words of one command's line, sorted into options and operands by its table. Values are still text.
struct ParsedArguments: Sendable {
  private(set) var operands: [String] = []
  /// Help was asked for; nothing else counts then.
  private(set) var wantsHelp = false
  private var values: [String: [String]] = [:]
  /// The options in the order in which they stand, by their long form.
  private var order: [String] = []
  private let environment: @Sendable (String) -> String?

  /// Reads `words`, which stand behind the command's name. Options and operands may be mixed, `--` ends options,
  /// and a lone `-` is an operand.
  init(
    _ words: ArraySlice<String>, for spec: CommandSpec, environment: @escaping @Sendable (String) -> String?
  ) throws(UsageError) {
    self.environment = environment
    var rest = words
    while let word = rest.popFirst() {
      if word == "--" {
        operands += rest
        break
      }
      if word.hasPrefix("--") {
        try takeLong(word, &rest, spec)
      } else if word.hasPrefix("-"), word != "-" {
        try takeShort(word, &rest, spec)
      } else {
        operands.append(word)
      }
      if wantsHelp { return }
    }
    try checkOperands(spec)
  }

  /// Whether a flag was given.
  func has(_ option: OptionSpec) -> Bool { values[option.long] != nil }

  /// Every value of an option that may be repeated, in order.
  func all(_ option: OptionSpec) -> [String] { values[option.long] ?? [] }

  /// Every value of several options that count together, in the order in which they stand.
  func inOrder(_ options: [OptionSpec]) -> [(option: OptionSpec, text: String)] {
    var taken: [String: Int] = [:]
    return order.compactMap { long in
      guard let option = options.first(where: { $0.long == long }) else { return nil }
      let number = taken[long, default: 0]
      taken[long] = number + 1
      return (option, all(option)[number])
    }
  }

  /// The value of an option: the last one given, else that of its environment variable.
  func text(_ option: OptionSpec) -> String? { source(option)?.text }

  /// The value of an option, read as a `Value`.
  func value<Value: OptionValue>(_ option: OptionSpec, as: Value.Type) throws(UsageError) -> Value? {
    guard let (text, name) = source(option) else { return nil }
    return try Self.read(text, name)
  }

  /// Every value of an option that may be repeated, read as `Value`s.
  func values<Value: OptionValue>(_ option: OptionSpec, as: Value.Type) throws(UsageError) -> [Value] {
    var read: [Value] = []
    for text in all(option) { read.append(try Self.read(text, option.name)) }
    return read
  }

  /// Refuses two options that contradict each other.
  func exclude(_ a: OptionSpec, _ b: OptionSpec) throws(UsageError) {
    if has(a), has(b) { throw UsageError(a.name, "can't be used together with \(b.name)") }
  }

  private func source(_ option: OptionSpec) -> (text: String, name: String)? {
    if let given = values[option.long]?.last { return (given, option.name) }
    // An empty variable is an unset one, as in most tools.
    if let variable = option.environment, let text = environment(variable), !text.isEmpty {
      return (text, variable)
    }
    return nil
  }

  private static func read<Value: OptionValue>(_ text: String, _ name: String) throws(UsageError) -> Value {
    guard let value = Value(argument: text) else {
      throw UsageError(name, "'\(text)' is not \(Value.expected)")
    }
    return value
  }

  private mutating func takeLong(_ word: String, _ rest: inout ArraySlice<String>, _ spec: CommandSpec)
    throws(UsageError)
  {
    let parts = word.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let name = String(parts[0])
    guard let option = spec.allOptions.first(where: { $0.long == name }) else {
      throw Self.unknown("--" + name, spec)
    }
    if parts.count == 2 {
      guard option.value != nil else { throw UsageError(option.name, "takes no value") }
      try add(String(parts[1]), to: option)
    } else if option.value == nil {
      try add("", to: option)
    } else {
      try add(Self.nextValue(option, typed: option.name, &rest, spec), to: option)
    }
  }

  private mutating func takeShort(_ word: String, _ rest: inout ArraySlice<String>, _ spec: CommandSpec)
    throws(UsageError)
  {
    var letters = word.dropFirst()
    while let letter = letters.popFirst() {
      guard let option = spec.allOptions.first(where: { $0.short == letter }) else {
        throw Self.unknown("-\(letter)", spec, long: String(word.dropFirst()))
      }
      if option.value == nil {
        try add("", to: option)
      } else if !letters.isEmpty {
        if letters.first == "=" { letters.removeFirst() }
        try add(String(letters), to: option)
        return
      } else {
        try add(Self.nextValue(option, typed: "-\(letter)", &rest, spec), to: option)
      }
    }
  }

  private mutating func add(_ value: String, to option: OptionSpec) throws(UsageError) {
    guard option.takesName || SystemText.isVerbatim(value) else {
      throw UsageError(option.name, "'\(value)' is not UTF-8")
    }
    if option.long == CommandSpec.helpOption.long { wantsHelp = true }
    values[option.long, default: []].append(value)
    order.append(option.long)
  }

  private static func nextValue(
    _ option: OptionSpec, typed: String, _ rest: inout ArraySlice<String>, _ spec: CommandSpec
  ) throws(UsageError) -> String {
    let needs = "needs a value (\(option.value ?? ""))"
    guard let next = rest.first else { throw UsageError(typed, needs) }
    // A value may begin with a dash, but one that is spelled like an option was a slip.
    if spec.allOptions.contains(where: { next == $0.name || next == "--" }) {
      throw UsageError(
        typed, "\(needs), but '\(next)' follows", hint: "if that is the value, write \(option.name)=\(next)")
    }
    rest.removeFirst()
    return next
  }

  private static func unknown(_ typed: String, _ spec: CommandSpec, long: String? = nil) -> UsageError {
    let name = long ?? String(typed.drop { $0 == "-" })
    // A letter is near to everything.
    let nearest = name.count < 2 ? nil : Suggestion.nearest(to: name, in: spec.allOptions.map(\.long))
    let other = OtherPrograms.option(typed, of: spec)?.long
    // Behind one dash a word is a word, before its first letter is somebody's option.
    let meant = long == nil ? other ?? nearest : nearest ?? other
    return UsageError(
      typed, "no such option of '\(spec.name)'",
      hint: meant.map { "did you mean --\($0)?" } ?? "see 'torrentctl \(spec.name) --help'")
  }

  private func checkOperands(_ spec: CommandSpec) throws(UsageError) {
    if operands.count < spec.operand.count.lowerBound {
      let isOne = spec.operand.count.lowerBound == 1
      throw UsageError(
        spec.name, isOne ? "\(spec.operand.name) is missing" : "needs \(spec.operand.name)",
        hint: "see 'torrentctl \(spec.name) --help'")
    }
    if operands.count > spec.operand.count.upperBound {
      guard !spec.operand.isNone else { throw UsageError(operands[0], "'\(spec.name)' takes no argument") }
      let isOne = spec.operand.count.upperBound == 1
      throw UsageError(
        operands[spec.operand.count.upperBound], "one \(isOne ? spec.operand.name : "argument") too many",
        hint: spec.operand.surplus ?? "'\(spec.name)' takes \(isOne ? "one at a time" : spec.operand.name)")
    }
    if operands.contains("") {
      throw UsageError(spec.name, "\(spec.operand.name) is empty")
    }
  }
}
