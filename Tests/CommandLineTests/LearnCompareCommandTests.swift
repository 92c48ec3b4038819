import Foundation
import Testing

/// `interphase learn compare`, run as a person would.
struct LearnCompareCommandTests {
  private let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("compare-\(UUID().uuidString.prefix(8))")

  /// A frame of two atoms with their forces along x, e.g. of the trajectory `traj`.
  private func frame(
    _ x: Double, energy: Double, force: Double, traj: String, label: String? = nil
  ) -> String {
    """
    2
    Lattice="6 0 0 0 6 0 0 0 6" Properties=species:S:1:pos:R:3:forces:R:3 energy=\(energy) \
    config_type=dimer traj=\(traj)\(label.map { " label=\($0)" } ?? "") pbc="T T T"
    Li 0 0 0 \(-force) 0 0
    F \(x) 0 0 \(force) 0 0

    """
  }

  private func write(_ name: String, _ frames: [String]) throws -> String {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let file = folder.appendingPathComponent(name)
    try Data(frames.joined().utf8).write(to: file)
    return file.path
  }

  /// Energies of other zeros, and half as steep; forces off by 0.3 and -0.1 along x; the order of the
  /// frames turned round.
  private func files() throws -> (reference: String, other: String) {
    let x = (0..<12).map { 1.5 + 0.05 * Double($0) }
    let reference = try write(
      "pbe.extxyz",
      x.enumerated().map { k, x in
        frame(x, energy: -100 + 2 * x, force: 1, traj: "t\(k / 6)", label: "cp2k")
      })
    let other = try write(
      "ours.extxyz",
      x.enumerated().map { k, x in
        frame(
          x + 1e-5, energy: -7 + Double(k / 6) + x, force: k < 6 ? 1.3 : 0.9, traj: "other",
          label: "mine")
      }.reversed())
    return (reference, other)
  }

  @Test func framesAreFoundAndErrorsAreThoseOfTheDifferences() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let (reference, other) = try files()
    let run = try InterphaseProcess("learn", "compare", reference, other, "--json")
    #expect(run.status == 0, "\(run.errors)")
    let keys = try run.json()
    #expect(keys["reference"] as? String == "cp2k" && keys["frames"] as? Int == 12)
    #expect(keys["left_out"] as? Int == 0)
    let rows = try #require(keys["rows"] as? [[String: Any]])
    #expect(rows.map { $0["group"] as? String } == ["all", "dimer"])
    let all = rows[0]
    #expect(all["calculator"] as? String == "mine" && all["atoms"] as? Int == 24)
    #expect(all["trajectories"] as? Int == 2)
    func number(_ key: String) -> Double { all[key] as? Double ?? .nan }
    // Only x has forces: a third of the components.
    let rms = (0.5 * (0.3 * 0.3 + 0.1 * 0.1) / 3).squareRoot()
    #expect(abs(number("force_rms_eV_per_A") - rms) < 1e-9)
    #expect(abs(number("force_max_eV_per_A") - 0.3) < 1e-9)
    #expect(abs(number("force_mae_eV_per_A") - 0.2 / 3) < 1e-9)
    #expect(abs(number("reference_force_rms_eV_per_A") - (1.0 / 3).squareRoot()) < 1e-9)
    #expect(abs(number("force_slope") - 1.1) < 1e-9)
    #expect(abs(number("force_slope_low") - 0.9) < 1e-9)
    #expect(abs(number("force_slope_high") - 1.3) < 1e-9)
    #expect(
      abs(number("force_correlation") - 1.1 / (0.5 * (1.3 * 1.3 + 0.9 * 0.9)).squareRoot()) < 1e-3)
    #expect(abs(try #require(keys["net_force_eV_per_A"] as? Double)) < 1e-9)
    let elements = try #require(keys["elements"] as? [[String: Any]])
    #expect(elements.map { $0["element"] as? String } == ["Li", "F", "Li", "F"])
    #expect(elements[0]["atoms"] as? Int == 12)
    #expect(abs((elements[0]["force_rms_eV_per_A"] as? Double ?? .nan) - rms) < 1e-9)
    #expect(abs((elements[0]["force_slope"] as? Double ?? .nan) - 1.1) < 1e-9)
    #expect(abs(number("slope") - 0.5) < 1e-4)
    // Six x, 0.05 apart: differences of -x/2 per atom about their mean, 5 degrees of freedom each.
    let shifted = 1000 * 0.5 * 0.05 * 3.5.squareRoot()
    #expect(abs(number("energy_rms_shifted_meV_per_atom") - shifted) < 0.01)
  }

  @Test func allAreHeldAgainstTheFramesThatEveryFileHas() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let (reference, other) = try files()
    let few = try write("few.extxyz", [frame(1.5, energy: 3, force: 1, traj: "t0")])
    let table = folder.appendingPathComponent("table.csv").path
    let run = try InterphaseProcess("learn", "compare", reference, other, few, "-o", table)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("against cp2k, 1 frames"))
    #expect(run.output.contains("11 frames of the reference are not in every file"))
    // A file without the note goes by its name, and then all do.
    let lines = try String(contentsOfFile: table, encoding: .utf8).split(separator: "\n")
    #expect(lines.count == 5 && lines[1].hasPrefix("ours.extxyz,all,1,2,1,"))
    #expect(lines[3].hasPrefix("few.extxyz,all,1,2,1,"))
    let elements = folder.appendingPathComponent("table-elements.csv").path
    #expect(run.output.contains("tables: \(table), \(elements)"))
    #expect(try String(contentsOfFile: elements, encoding: .utf8).contains("few.extxyz,all,Li,1,"))
  }

  @Test func whatTheReferencesForcesAddUpToIsTold() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let one = frame(1.5, energy: 3, force: 1, traj: "t0")
    let uneven = try write(
      "uneven.extxyz", [one.replacing("F 1.5 0 0 1.0", with: "F 1.5 0 0 0.25")])
    let run = try InterphaseProcess("learn", "compare", uneven, try write("one.extxyz", [one]))
    #expect(run.status == 0 && run.output.contains("add up to at most 0.750 eV/Å in one"))
  }

  @Test func filesWithoutAFrameInCommonAreRefused() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let (reference, _) = try files()
    let strange = try write("strange.extxyz", [frame(2.9, energy: 3, force: 1, traj: "t0")])
    let run = try InterphaseProcess("learn", "compare", reference, strange)
    #expect(run.status == 65)
    #expect(run.errors.contains("no frame of") && run.errors.contains("within 0.001"))
    let alone = try InterphaseProcess("learn", "compare", reference)
    #expect(alone.status == 64)
  }
}
