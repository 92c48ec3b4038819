import Atomistics
import Engines
import FileFormats
import Foundation
import Potentials
import Testing
import Workflows

private func file(_ text: String) throws -> String {
  let url = FileManager.default.temporaryDirectory
    .appendingPathComponent("training-\(UUID().uuidString).extxyz")
  try Data(text.utf8).write(to: url)
  return url.path
}

/// A frame of Li and S of trajectory `traj`; E = −3 n_Li − 5 n_S + 0.01.
private func frame(
  _ sulfur: Int, group: String = "md", traj: String, energy: String? = nil, force: String = "0.1",
  notes: String = ""
) -> String {
  let atoms = 2 + sulfur
  let value = energy ?? "\(-3.0 * 2 - 5.0 * Double(sulfur) + 0.01)"
  var text = """
    \(atoms)
    Lattice="6 0 0 0 6 0 0 0 6" Properties=species:S:1:pos:R:3:forces:R:3 pbc="T T T" energy=\(value) config_type=\(group) traj=\(traj) \(notes)
    Li 0 0 0 \(force) 0 0
    Li 2 0 0 0 0 0

    """
  for k in 0..<sulfur { text += "S 0 2.5 \(2 * k) 0 0 0\n" }
  return text
}

@Suite struct TrainingTests {
  private func frames(_ text: String) throws -> [TrainingFrame] {
    try TrainingFrame.read([try file(text)])
  }

  @Test func framesKeepWhatTheirFileSays() throws {
    let read = try frames(
      frame(1, traj: "a", notes: "virial=\"1 2 3 2 4 5 3 5 6\" weight=2")
        + frame(2, group: "slab", traj: "b", notes: "stress=\"0.1 0 0 0 0.2 0 0 0 0.3\""))
    #expect(read[0].group == "md" && read[0].trajectory == "a" && read[0].weight == 2)
    #expect(read[0].virial?[1, 2] == 5)
    // −V σ.
    #expect(abs(read[1].virial![2, 2] + 216 * 0.3) < 1e-12)
  }

  @Test(arguments: [
    ("energy=-5", "energy=nan", "finite"), ("energy=-5", "enthalpy=-5", "has no energy"),
    (":forces:R:3", ":hopes:R:3", "has no forces"), ("0.1 0 0", "inf 0 0", "finite"),
    ("traj=a", "traj=a virial=\"1 2\"", "nine finite numbers"),
    ("traj=a", "traj=a weight=-1", "weight"),
  ])
  func badLabelsAreTold(old: String, new: String, expected: String) throws {
    let text = frame(1, traj: "a", energy: "-5").replacingOccurrences(of: old, with: new)
    let path = try file(text)
    #expect {
      try TrainingFrame.read([path])
    } throws: {
      "\($0)".contains(expected) && ($0 as? any ReportableError)?.kind == .badData
    }
  }

  @Test func shiftsAreThoseOfTheEnergies() throws {
    let all = try frames((0..<8).map { frame($0 % 4, traj: "t\($0)") }.joined())
    let set = try TrainingSet(train: all, valid: all)
    // Li's shift takes the constant 0.01 with it, shared as the rows allow.
    for frame in all {
      let sum = frame.structure.species.reduce(0) { $0 + set.shifts[$1]! }
      #expect(abs(frame.energy - sum) / Double(frame.structure.count) < 0.005)
    }
    #expect(abs(set.shifts[Element("Li")!]! + 3) < 0.02)
    #expect(abs(set.shifts[Element("S")!]! + 5) < 0.02)
  }

  /// Elements that always come together have no shifts of their own; any fit is as good.
  @Test func shiftsThatTheFramesDoNotTellApart() throws {
    let all = try frames((0..<4).map { frame(2, traj: "t\($0)") }.joined())
    let set = try TrainingSet(train: all, valid: all)
    let sum = 2 * set.shifts[Element("Li")!]! + 2 * set.shifts[Element("S")!]!
    #expect(abs(sum + 15.99) < 1e-4)
    #expect(set.shifts.values.allSatisfy { abs($0) < 20 })
  }

  @Test func wholeTrajectoriesAreHeldOut() throws {
    let all = try frames(
      (0..<40).map { frame(1 + $0 % 2, group: $0 < 30 ? "md" : "slab", traj: "t\($0 / 4)") }
        .joined())
    let set = try TrainingSet(all, holdingOut: 0.2, seed: 3)
    let held = Set(set.valid.map(\.trajectory))
    #expect(held.isDisjoint(with: set.train.map(\.trajectory)))
    #expect(set.valid.count >= 8 && set.valid.count <= 12)
    #expect(Set(set.train.map(\.group)) == ["md", "slab"] && set.strangers.isEmpty)
    let again = try TrainingSet(all, holdingOut: 0.2, seed: 3)
    #expect(Set(again.valid.map(\.trajectory)) == held)
    let splits = try Set(
      (0..<8).map { seed in
        try TrainingSet(all, holdingOut: 0.2, seed: seed).valid.map(\.trajectory)
      })
    #expect(splits.count > 1)
  }

  @Test func anElementKeepsItsLastTrajectory() throws {
    let text =
      frame(1, traj: "only")
      + (0..<9).map { frame(0, traj: "t\($0)") }.joined()
    let all = try frames(text)
    for seed in 0..<20 {
      let set = try TrainingSet(all, holdingOut: 0.5, seed: seed)
      #expect(set.train.contains { $0.trajectory == "only" } && set.valid.count == 5)
    }
  }

  @Test func anEmptySideIsTold() throws {
    let one = try frames(frame(1, traj: "a") + frame(2, traj: "a"))
    #expect {
      try TrainingSet(one, holdingOut: 0.1, seed: 1)
    } throws: {
      "\($0)".contains("is the only one of")
    }
    #expect {
      try TrainingSet(train: [], valid: one)
    } throws: {
      ($0 as? WorkflowsError)?.kind == .badData && "\($0)".contains("no frames to train on")
    }
    let lithium = try frames(frame(0, traj: "b"))
    #expect {
      try TrainingSet(train: lithium, valid: one)
    } throws: {
      "\($0)".contains("only the frames held out have S")
    }
  }

  @Test func errorsAreThoseOfThePotential() throws {
    let potential = try NEPPotential(
      path: repositoryRoot.appendingPathComponent("Tests/PotentialsTests/Fixtures/nep3.nep.txt")
        .path)
    let plain = try frames(frame(1, traj: "a") + frame(2, group: "slab", traj: "b"))
    let labelled = try plain.map { frame in
      let found = try potential.evaluate(frame.structure)
      let virial = (-frame.structure.volume) * found.stress
      let nine = (0..<9).map { "\(virial[$0 / 3, $0 % 3])" }.joined(separator: " ")
      return ExtendedXYZ.text(
        of: frame.structure, energy: found.energy + 0.003 * Double(frame.structure.count),
        forces: found.forces.map { $0 + Vector3(0, 0.02, 0) },
        info: [("virial", nine), ("config_type", frame.group), ("traj", frame.trajectory)])
    }.joined()
    let all = try frames(labelled)
    let errors = try TrainingErrors(try TrainingSet(train: all, valid: [all[1]]), potential)
    #expect(errors.rows.map(\.group) == ["all", "md", "slab", "all", "slab"])
    for row in errors.rows {
      #expect(abs(row.energy - 0.003) < 1e-10)
      #expect(abs(row.force - 0.02 / 3.0.squareRoot()) < 1e-10)
      #expect(row.virial! < 1e-10)
    }
  }
}
