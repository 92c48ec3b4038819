import Atomistics
import FileFormats
import Foundation
import Testing

/// `interphase bader` as a person runs it, on a small density made here: ions that are sums of
/// Gaussians, lithium with three electrons and chlorine with seventeen, superposed in a cell of rock
/// salt.
@Suite final class BaderCommandTests {
  private let directory = NSTemporaryDirectory() + "interphase-bader-\(UUID().uuidString)"
  /// Å, of the primitive cell with edges (0, h, h) and so on.
  private static let half = 2.575
  private static let points = 24

  init() throws {
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: directory) }

  private static let lattice = Lattice(
    Vector3(0, half, half), Vector3(half, 0, half), Vector3(half, half, 0))

  /// Electrons and exponent (Å⁻²) of each Gaussian.
  private static let ions: [(at: Double, core: (Double, Double), valence: (Double, Double))] = [
    (0, (2, 4), (1, 2)), (0.5, (10, 4), (7, 0.8)),
  ]

  /// The density in e/Å³ point by point, a slowest.
  private static func density(core: Bool, valence: Bool) -> [Double] {
    var shells: [(Vector3, Double, Double)] = []
    let images = -3...3
    for ion in ions {
      for (isThere, part) in [(core, ion.core), (valence, ion.valence)] where isThere {
        let height = part.0 * pow(part.1 / .pi, 1.5)
        for i in images {
          for j in images {
            for k in images {
              let s = Vector3(repeating: ion.at) + Vector3(Double(i), Double(j), Double(k))
              shells.append((lattice.cartesian(s), height, part.1))
            }
          }
        }
      }
    }
    return (0..<(points * points * points)).map { index in
      let place = Vector3(
        Double(index / (points * points)), Double(index / points % points), Double(index % points))
      let r = lattice.cartesian(place / Double(points))
      return shells.reduce(0) { sum, shell in
        let exponent = shell.2 * (r - shell.0).lengthSquared
        return exponent < 40 ? sum + shell.1 * exp(-exponent) : sum
      }
    }
  }

  private static let all = density(core: true, valence: true)
  private static let valence = density(core: false, valence: true)

  private func write(_ text: String, _ name: String) throws -> String {
    let path = directory + "/" + name
    try AtomicFile.write(text, to: path)
    return path
  }

  private func cube(
    _ values: [Double], charges: [String] = ["0.0", "0.0"], name: String = "density.cube",
    inBohr: Bool = true
  ) throws -> String {
    let bohr = Units.bohr
    let unit = inBohr ? bohr * bohr * bohr : 1
    func row(_ v: Vector3) -> String { "\(v.x / bohr) \(v.y / bohr) \(v.z / bohr)" }
    let n = Double(Self.points)
    let (a, b, c) = (Self.lattice.a / n, Self.lattice.b / n, Self.lattice.c / n)
    var lines = ["LiCl of Gaussians", "made by the test", "2 0 0 0"]
    lines += [a, b, c].map { "\(Self.points) \(row($0))" }
    lines.append("3 \(charges[0]) 0 0 0")
    lines.append("17 \(charges[1]) \(row(Self.lattice.cartesian(Vector3(repeating: 0.5))))")
    lines += values.map { String(format: "%.6E", $0 * unit) }
    return try write(lines.joined(separator: "\n") + "\n", name)
  }

  private func chgcar(_ values: [Double], name: String) throws -> String {
    let n = Self.points
    func row(_ v: Vector3) -> String { "\(v.x) \(v.y) \(v.z)" }
    var lines = ["LiCl", "1.0"]
    lines += [Self.lattice.a, Self.lattice.b, Self.lattice.c].map(row)
    lines += ["Li Cl", "1 1", "Direct", "0 0 0", "0.5 0.5 0.5", "", "\(n) \(n) \(n)"]
    for k in 0..<n {
      for j in 0..<n {
        lines.append(
          (0..<n).map {
            String(format: "%.11E", values[($0 * n + j) * n + k] * Self.lattice.volume)
          }.joined(separator: " "))
      }
    }
    return try write(lines.joined(separator: "\n") + "\n", name)
  }

  private func atoms(_ json: [String: Any]) throws -> [[String: Any]] {
    try #require(json["atoms"] as? [[String: Any]])
  }

  @Test func anAllElectronDensity() throws {
    let path = try cube(Self.all)
    let table = directory + "/atoms.csv"
    let outcome = try InterphaseProcess("bader", path, "--json", "-o", table)
    #expect(outcome.status == 0 && outcome.errors.isEmpty)
    let json = try outcome.json()
    let atoms = try atoms(json)
    #expect(atoms.map { $0["element"] as? String } == ["Li", "Cl"])
    let electrons = try atoms.map { try #require($0["electrons"] as? Double) }
    let total = try #require(json["electrons"] as? Double)
    let vacuum = try #require(json["vacuumElectrons"] as? Double)
    #expect(abs(total - 20) < 0.01)
    #expect(abs(electrons.reduce(vacuum, +) - total) < 1e-9 * total)
    let charges = try atoms.map { try #require($0["charge"] as? Double) }
    #expect(abs(charges[0] - (3 - electrons[0])) < 1e-12)
    #expect(abs(charges[1] - (17 - electrons[1])) < 1e-12)
    #expect(json["density"] as? String == "all-electron")
    #expect(json["offNucleusMaximaCount"] as? Int == 0)
    let volume = try atoms.map { try #require($0["volume_A3"] as? Double) }.reduce(0, +)
    #expect(abs(volume - Self.lattice.volume) < 1e-6)
    #expect(try CSVTable(path: table).rows.count == 2)
    let words = try InterphaseProcess("bader", path, "--all-electron", "--method", "near-grid")
    #expect(words.status == 0 && words.output.contains("all-electron density, near-grid"))
    let one = try InterphaseProcess("bader", path, "--json", "--threads", "1")
    #expect(one.output == outcome.output)
  }

  @Test func aValenceDensityWithItsCores() throws {
    let n = Self.valence.count
    let core = Self.density(core: true, valence: false)
    let chgcar = try chgcar(Self.valence, name: "CHGCAR")
    let first = try self.chgcar(core, name: "AECCAR0")
    let second = try self.chgcar(Self.valence, name: "AECCAR2")
    let arguments = ["bader", chgcar, "--reference", first, "--reference", second, "--json"]
    let unknown = try InterphaseProcess(arguments)
    #expect(unknown.status == 0)
    #expect(unknown.errors.contains("--valence-electrons"))
    let unknownAtoms = try atoms(try unknown.json())
    #expect(unknownAtoms.allSatisfy { $0["charge"] is NSNull })
    #expect(try unknown.json()["density"] as? String == "unknown")
    let told = try InterphaseProcess(arguments + ["--valence-electrons", "Li=1, Cl=7"])
    #expect(told.errors.isEmpty)
    let charges = try atoms(try told.json()).map { try #require($0["charge"] as? Double) }
    #expect(abs(charges.reduce(0, +)) < 0.02)
    // The same from one file that is the sum.
    #expect(n == core.count)
    let sum = try self.chgcar(zip(core, Self.valence).map { $0 + $1 }, name: "AECCAR_sum")
    let once = try InterphaseProcess(
      "bader", chgcar, "--reference", sum, "--json", "--valence-electrons", "Li=1,Cl=7")
    let again = try atoms(try once.json()).map { try #require($0["charge"] as? Double) }
    #expect(zip(charges, again).allSatisfy { abs($0 - $1) < 1e-6 })
  }

  @Test func whatCubesSayOfTheirIons() throws {
    let cp2k = try InterphaseProcess(
      "bader", try cube(Self.valence, charges: ["1.0", "7.0"]), "--json")
    #expect(try cp2k.json()["density"] as? String == "valence")
    let charges = try atoms(try cp2k.json()).map { try #require($0["charge"] as? Double) }
    #expect(abs(charges.reduce(0, +)) < 0.02)
    let espresso = try InterphaseProcess(
      "bader", try cube(Self.valence, charges: ["3.0", "17.0"], name: "qe.cube"), "--json")
    #expect(try atoms(try espresso.json()).allSatisfy { $0["charge"] is NSNull })
    let units = try InterphaseProcess(
      "bader", try cube(Self.all, name: "units.cube", inBohr: false), "--json")
    #expect(units.errors.contains("e/Å³ where the format has e/Bohr³"))
  }

  @Test func vacuumIsReported() throws {
    let path = try cube(Self.all)
    let outcome = try InterphaseProcess("bader", path, "--json", "--vacuum", "0.1 e/Å^3")
    let json = try outcome.json()
    let vacuum = try #require(json["vacuumElectrons"] as? Double)
    #expect(vacuum > 0.01)
    let none = try InterphaseProcess("bader", path, "--json", "--vacuum", "0")
    #expect(try none.json()["vacuumElectrons"] as? Double == 0)
  }

  @Test func mistakesAreTold() throws {
    let path = try cube(Self.all)
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let cut = try write(String(text.dropLast(500)), "cut.cube")
    #expect(try InterphaseProcess("bader", cut).status == 65)
    let missing = try InterphaseProcess("bader", directory + "/none.cube")
    #expect(missing.status == 66)
    for wrong in [
      ["--method", "best"], ["--vacuum", "-1"], ["--vacuum", "2 Å"], ["--threads", "0"],
      ["--valence-electrons", "Li"], ["--valence-electrons", "Li=1"],
      ["--all-electron", "--valence"],
      ["--valence-electrons", "Xx=1"],
    ] {
      let status = try InterphaseProcess(["bader", path] + wrong).status
      #expect(status == 64 || (wrong[1] == "Xx=1" && status == 65), "\(wrong)")
    }
    let other = try chgcar(Self.all, name: "CHGCAR_other")
    let mixed = try InterphaseProcess("bader", path, "--reference", other)
    #expect(mixed.status == 65 && mixed.errors.contains("one calculation"))
  }
}
