import Foundation
import Thermodynamics

/// The program that `./bench` runs: the name of a bench, then its arguments.
@main
struct Bench {
  static let usage = """
    usage: interphase-bench hull TABLE REPEATS
           interphase-bench profile TABLE ION FORMULA REPEATS

    """

  static func main() throws {
    let arguments = Array(CommandLine.arguments.dropFirst())
    switch (arguments.first, arguments.count) {
    case ("hull", 3):
      try printJSON(HullBench(table: table(arguments[1]), repeats: count(arguments[2])).run())
    case ("profile", 5):
      let bench = try ProfileBench(
        table: table(arguments[1]), ion: arguments[2], formula: arguments[3],
        repeats: count(arguments[4]))
      try printJSON(bench.run())
    default: stop(usage)
    }
  }

  private static func table(_ path: String) throws -> EntryTable {
    try EntryTable(csv: String(contentsOfFile: path, encoding: .utf8), name: path)
  }

  private static func count(_ text: String) -> Int {
    guard let value = Int(text), value > 0 else { stop("'\(text)' is not a number of repeats\n") }
    return value
  }

  private static func stop(_ message: String) -> Never {
    FileHandle.standardError.write(Data(message.utf8))
    exit(64)
  }

  private static func printJSON(_ value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    print(String(decoding: try encoder.encode(value), as: UTF8.self))
  }
}

/// The wall time of each of several runs in seconds, and the last result.
func timed<Result>(_ repeats: Int, _ work: () throws -> Result) rethrows -> ([Double], Result) {
  let clock = ContinuousClock()
  var seconds: [Double] = []
  var last: Result?
  repeat {
    let start = clock.now
    last = try work()
    seconds.append((clock.now - start) / .seconds(1))
  } while seconds.count < repeats
  return (seconds, last!)
}
