import Foundation
import Thermodynamics

/// The program that `./bench` runs: the name of a bench, then its arguments.
@main
struct Bench {
  static let usage = """
    usage: interphase-bench hull TABLE REPEATS
           interphase-bench profile TABLE ION FORMULA REPEATS
           interphase-bench dynamics STRUCTURE NEP THREADS CELLS WARM-UP STEPS BLOCKS
           interphase-bench forces STRUCTURE NEP
           interphase-bench conservation STRUCTURE NEP THREADS ATOMS KELVIN FS SECTION...

    CELLS is the supercell, e.g. 7x7x1; SECTION is a run at constant energy as
    TIMESTEP:DURATION:INTERVAL in fs.

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
    case ("dynamics", 8):
      let bench = DynamicsBench(
        structure: arguments[1], potential: arguments[2], threads: count(arguments[3]),
        cells: cells(arguments[4]), warmUp: count(arguments[5]), steps: count(arguments[6]),
        blocks: count(arguments[7]))
      try printJSON(bench.run())
    case ("forces", 3):
      try printJSON(ForcesBench(structure: arguments[1], potential: arguments[2]).run())
    case ("conservation", 8...):
      let bench = ConservationBench(
        structure: arguments[1], potential: arguments[2], threads: count(arguments[3]),
        largestCube: count(arguments[4]), temperature: number(arguments[5]),
        equilibration: number(arguments[6]), sections: arguments.dropFirst(7).map(section))
      try printJSON(bench.run())
    default: stop(usage)
    }
  }

  private static func table(_ path: String) throws -> EntryTable {
    try EntryTable(csv: String(contentsOfFile: path, encoding: .utf8), name: path)
  }

  private static func count(_ text: String) -> Int {
    guard let value = Int(text), value > 0 else { stop("'\(text)' is not a number above zero\n") }
    return value
  }

  private static func number(_ text: String) -> Double {
    guard let value = Double(text), value > 0, value.isFinite else {
      stop("'\(text)' is not a number above zero\n")
    }
    return value
  }

  private static func cells(_ text: String) -> (Int, Int, Int) {
    let parts = text.split(separator: "x").map { count(String($0)) }
    guard parts.count == 3 else { stop("'\(text)' is not a supercell such as 7x7x1\n") }
    return (parts[0], parts[1], parts[2])
  }

  private static func section(_ text: String) -> ConservationBench.Section {
    let parts = text.split(separator: ":").map { number(String($0)) }
    guard parts.count == 3, parts[2] >= parts[0] else {
      stop("'\(text)' is not TIMESTEP:DURATION:INTERVAL\n")
    }
    return ConservationBench.Section(
      timestep: parts[0], duration: parts[1], interval: parts[2])
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
