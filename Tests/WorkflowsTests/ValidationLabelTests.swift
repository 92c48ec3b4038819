import Foundation
import Potentials
import Testing
import Workflows

@Suite struct ValidationLabelTests {
  private func errors(_ text: String, threads: Int = 1, seed: UInt64 = 1) throws -> LabelErrors {
    let folder = try ValidationFolder()
    defer { folder.remove() }
    let frames = try TrainingFrame.read([try folder.write("labels.extxyz", text)])
    return try #require(
      try LabelErrors(frames, of: try NEPPotential(path: nep4), threads: threads, seed: seed))
  }

  @Test func errorsAreThoseOfAHandSum() throws {
    let found = try errors(
      try validationLabels(
        [("a", "md", 6, 0.3, 1), ("b", "md", 5, -0.6, 1), ("c", "eos", 1, 0.9, 1)], push: 0.03))
    #expect(found.groups.map(\.name) == ["all", "eos", "md"])
    #expect(found.groups.map(\.frames) == [12, 1, 11] && found.groups.map(\.atoms) == [36, 3, 33])
    #expect(found.groups.map(\.trajectories) == [3, 1, 2])
    let md = found.groups[2]
    // Per atom 0.1 in six frames, 0.2 in five.
    let (square, mean): (Double, Double) = ((6 * 0.01 + 5 * 0.04) / 11, (6 * 0.1 + 5 * 0.2) / 11)
    #expect(abs(md.energy.rms - square.squareRoot()) < 1e-9)
    #expect(abs(md.energy.mae - mean) < 1e-9)
    #expect(abs(md.energy.largest - 0.2) < 1e-9 && md.energy.count == 11)
    #expect(try #require(md.shiftedEnergy) < 1e-9)
    #expect(found.groups[1].shiftedEnergy == nil && found.groups[1].forceInterval == nil)
    // One component of three is off.
    #expect(abs(md.force.rms - 0.03 / 3.0.squareRoot()) < 1e-9 && md.force.count == 99)
    #expect(abs(md.force.mae - 0.01) < 1e-9 && abs(md.force.largest - 0.03) < 1e-9)
    #expect(md.virial == nil)
    #expect(found.trajectories.map(\.name) == ["a", "b", "c"])
    let interval = try #require(md.forceInterval)
    #expect(interval.units == 2 && interval.isOfTrajectories)
    #expect(abs(interval.low - md.force.rms) < 1e-9 && abs(interval.high - md.force.rms) < 1e-9)
    #expect(try #require(found.trajectories[0].forceInterval).isOfTrajectories == false)
  }

  /// Labels whose energies go half again as far: two thirds of every difference is there.
  @Test func slopesAreThoseOfTheLabels() throws {
    let found = try errors(
      try validationLabels([
        ("a", "md", 9, 3, 1.5), ("b", "md", 7, -8, 1.5), ("few", "md", 4, 0, 9),
        ("c", "slab", 6, 1, 0.8),
      ]))
    let md = try #require(found.groups[1].slope)
    #expect(abs(md.slope - 1 / 1.5) < 1e-9 && md.standardError < 1e-7)
    #expect(abs(md.determination - 1) < 1e-9 && md.frames == 16 && md.trajectories == 2)
    let slab = try #require(found.groups[2].slope)
    #expect(abs(slab.slope - 1.25) < 1e-9)
    #expect(found.trajectories.first { $0.name == "few" }?.slope == nil)
    #expect(
      abs(try #require(found.trajectories.first { $0.name == "b" }?.slope).slope - 1 / 1.5) < 1e-9)
  }

  @Test func aSlopeWithNoiseHasItsTextbookError() throws {
    let x = [0.0, 1, 2, 3, 4, 5]
    let y = [0.1, 0.9, 2.2, 2.8, 4.1, 4.9]
    let found = try #require(EnergySlope([zip(x, y).map { (label: $0, found: $1) }]))
    // Of the textbook: x̄ = 2.5, ȳ = 2.5.
    var (xx, xy, left) = (0.0, 0.0, 0.0)
    for k in 0..<6 {
      xx += (x[k] - 2.5) * (x[k] - 2.5)
      xy += (x[k] - 2.5) * (y[k] - 2.5)
    }
    let slope = xy / xx
    for k in 0..<6 {
      let off = y[k] - 2.5 - slope * (x[k] - 2.5)
      left += off * off
    }
    #expect(abs(found.slope - slope) < 1e-12)
    #expect(abs(found.standardError - (left / 4 / xx).squareRoot()) < 1e-12)
    #expect(EnergySlope([[(1, 1), (1, 2), (1, 3), (1, 4), (1, 5)]]) == nil)
    #expect(EnergySlope([]) == nil)
  }

  /// Trajectories of different errors: the interval is theirs, seeded, and holds the value.
  @Test func intervalsHoldTheirValueAndFollowTheSeed() throws {
    let text = try (0..<8).map { k in
      try validationLabels([("t\(k)", "md", 3, 0, 1)], push: 0.01 * Double(k + 1))
    }.joined()
    let first = try #require(try errors(text).groups[1].forceInterval)
    let rms = try errors(text).groups[1].force.rms
    #expect(first.low < rms && rms < first.high && first.units == 8)
    #expect(first.low > 0.01 / 3.0.squareRoot() && first.high < 0.08 / 3.0.squareRoot())
    #expect(try errors(text, threads: 3).groups[1].forceInterval == first)
    #expect(try errors(text, seed: 2).groups[1].forceInterval != first)
  }
}
