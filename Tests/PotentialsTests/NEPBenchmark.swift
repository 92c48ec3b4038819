import Atomistics
import FileFormats
import Foundation
import Potentials
import Testing

/// The time that NEP89 takes, on the structure that INTERPHASE_BENCHMARK names.
///
/// Prints microseconds per atom and evaluation on a kept neighbour list (as dynamics has it), with
/// 1 and 2 threads, and of building the list; Fixtures/benchmark_calorine.py times the peer.
@Suite(.serialized)
struct NEPBenchmark {
  private static let file = ProcessInfo.processInfo.environment["INTERPHASE_BENCHMARK"]

  @Test(
    .enabled(
      if: file != nil && Fixture.nep89 != nil,
      "set INTERPHASE_BENCHMARK to a structure file, with NEP89 installed"))
  func timePerAtomAndStep() throws {
    let structure = try StructureFile.read(try #require(Self.file))
    var potential = try NEPPotential(path: try #require(Fixture.nep89), name: "NEP89")
    let list = NeighborList(structure, cutoff: potential.cutoff + 1)
    for threads in [1, 2] {
      potential.threads = threads
      let times = microseconds(structure.count) {
        _ = potential.evaluate(structure, neighbors: list)
      }
      print("\(structure.count) atoms, \(threads) threads: \(times) µs per atom and step")
    }
    let building = microseconds(structure.count) {
      _ = NeighborList(structure, cutoff: potential.cutoff + 1)
    }
    print("building the neighbour list: \(building) µs per atom")
  }

  /// The least and the median time of 60 runs, per atom.
  private func microseconds(_ atoms: Int, _ work: () -> Void) -> String {
    let clock = ContinuousClock()
    let times = (0..<60).map { _ in clock.measure(work) / .microseconds(1) / Double(atoms) }
      .sorted()
    return String(format: "%.1f (least), %.1f (median)", times[0], times[30])
  }
}
