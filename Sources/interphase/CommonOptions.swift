import ArgumentParser
import FileFormats
import Foundation

/// The options that every verb takes.
struct CommonOptions: ParsableArguments {
  @Flag(help: "Print one JSON object on standard output and nothing else.")
  var json = false

  @Option(name: [.short, .long], help: "Where to write the results.")
  var output: String?

  @Flag(help: "No talk on standard error.")
  var quiet = false

  /// Talk: to standard error, unless quiet.
  func say(_ text: String) {
    guard !quiet else { return }
    try? FileHandle.standardError.write(contentsOf: Data((text + "\n").utf8))
  }

  /// The verb's JSON object on standard output, keys in alphabetical order.
  func printJSON(_ value: some Encodable) throws { print(try json(value)) }

  /// A JSON object as text.
  func json(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }
}

/// `--threads N`, for the verbs that can use more than one.
struct ThreadOptions: ParsableArguments {
  @Option(
    name: .customLong("threads"), help: "How many threads to use (default: all cores).")
  var given: Int?

  /// As many as were asked for, or a thread a core.
  var count: Int { given ?? ProcessInfo.processInfo.activeProcessorCount }

  func validate() throws {
    guard (given ?? 1) >= 1 else { throw ValidationError("--threads is at least 1") }
  }
}

/// A result to standard output, and whole or not at all to the file that `-o` names, if it does.
func deliver(_ text: String, _ common: CommonOptions) throws {
  print(text)
  if let path = common.output { try AtomicFile.write(text + "\n", to: path) }
}
