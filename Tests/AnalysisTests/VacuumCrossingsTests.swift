import Analysis
import Atomistics
import Foundation
import Testing

/// Atoms that go through the vacuum are told once, with atom and time.
@Suite struct VacuumCrossingsTests {
  /// Ten layers from 20 to 29 Å in a cell of 60 Å; the last atom moves along `path`.
  private func slab(_ path: [Double], drift: Double = 0, height: Double = 60) -> [Frame] {
    path.enumerated().map { index, z in
      let heights = (0..<10).map { 20 + Double($0) } + [z]
      return Frame(
        structure: Structure(
          lattice: orthorhombic(10, 10, height),
          species: Array(repeating: phosphorus, count: 10) + [lithium],
          positions: heights.map { Vector3(1, 1, $0 + drift * Double(index)) }),
        time: 100 * Double(index))
    }
  }

  @Test func anAtomAcrossTheVacuumIsToldOnce() throws {
    let path = [30.0, 40, 50, 58, 68, 79, 85, 79, 68]
    for frames in [slab(path), slab(path).map { $0.wrapped() }] {
      let report = try VacuumCrossings().analyzing(frames)
      #expect(report.crossings.count == 1)
      let crossing = try #require(report.crossings.first)
      #expect(crossing.atom == 11 && crossing.element == "Li" && crossing.isUpwards)
      // The middle of the vacuum, 30 to 80 Å, lies at 55 Å; the mean of all moves a little, too.
      #expect(crossing.time_ps == 0.3)
      #expect(abs(try #require(report.vacuum_A) - 50) < 1e-9)
      #expect(
        try #require(report.warning).hasPrefix(
          "1 atom crossed the vacuum of 50.0 Å (Li atom 11 upwards at 0.3 ps)"))
    }
    let down = try VacuumCrossings().analyzing(slab([19, 5, -10, -20]))
    #expect(down.crossings.map(\.isUpwards) == [false])
  }

  @Test func driftingAsAWholeIsNoCrossing() throws {
    let frames = slab(Array(repeating: 30, count: 40), drift: 3).map { $0.wrapped() }
    let report = try VacuumCrossings().analyzing(frames)
    #expect(report.crossings.isEmpty && report.warning == nil)
    #expect(abs(try #require(report.vacuum_A) - 50) < 1e-9)
  }

  @Test func bulkAndOpenCellsHaveNoVacuum() throws {
    let bulk = slab([30, 30.5, 31], height: 12)
    #expect(try VacuumCrossings().analyzing(bulk).vacuum_A == nil)
    let open = slab([30, 55, 70]).map { frame in
      var frame = frame
      frame.structure.periodic = [true, true, false]
      return frame
    }
    #expect(try VacuumCrossings().analyzing(open).vacuum_A == nil)
    #expect(analysisError { _ = try VacuumCrossings().result() }?.description.isEmpty == false)
  }
}
