import Atomistics
import FileFormats
import Foundation
import Testing

/// Results of Bader programs: ACF.dat and our own JSON.
@Suite struct BaderFilesTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private static let rows = [
    "    1    0.000000    0.000000    0.000000    2.125400     1.049500    10.000000",
    "    2    2.000000    0.000000    1.000000    7.874600     1.049500    20.000000",
  ]
  private static let rule = " " + String(repeating: "-", count: 80)

  private func acf(
    _ rows: [String] = Self.rows, vacuum: String = "0.0000", electrons: String? = "10.0000"
  ) -> String {
    let head = "    #         X           Y           Z       CHARGE      MIN DIST   ATOMIC VOL"
    let tail =
      ["    VACUUM CHARGE:               \(vacuum)", "    VACUUM VOLUME:               0.0000"]
      + (electrons.map { ["    NUMBER OF ELECTRONS:        \($0)"] } ?? [])
    return ([head, Self.rule] + rows + [Self.rule] + tail).joined(separator: "\n") + "\n"
  }

  private func read(_ text: String) throws -> BaderACF {
    let path = directory.file("ACF.dat")
    try AtomicFile.write(text, to: path)
    return try BaderACF(path: path)
  }

  private func failure(_ text: String) -> String? {
    do {
      _ = try read(text)
      return nil
    } catch { return "\(error)" }
  }

  @Test func electronsOfEachAtom() throws {
    let file = try read(acf())
    #expect(file.electrons == [2.1254, 7.8746] && file.vacuumElectrons == 0)
    #expect(file.positions[1] == Vector3(2, 0, 1))
    // Versions count the vacuum into the electrons, or do not.
    #expect(try read(acf(vacuum: "0.5000", electrons: "10.5000")).vacuumElectrons == 0.5)
    #expect(try read(acf(vacuum: "0.5000")).vacuumElectrons == 0.5)
  }

  @Test func damageIsTold() throws {
    for (text, word) in [
      ("", "empty"), ("P 1 2 3\n", "expected the header"),
      (acf(["    1  0 0 0  NaN 1 1", Self.rows[1]]), "is not a"),
      (acf(["    1  0 0 0  ******** 1 1", Self.rows[1]]), "is not a number"),
      (acf([Self.rows[1]]), "the row of atom 1"),
      (acf([Self.rows[0]]), "electrons"), (acf([]), "no atom"),
      (acf(electrons: "11.0000"), "says that there are 11.0"),
      (acf(electrons: "many"), "expected a finite number"),
      (acf(electrons: nil), "cut off"),
      (String(acf().prefix(400)), "cut off"),
      (acf(["    1  0 0"]), "the row of atom 1"),
    ] {
      let message = failure(text)
      #expect(message?.contains(word) == true, "\(word): \(message ?? "was read")")
    }
  }

  /// Whatever happened to a file, it is read or refused with a message.
  @Test func damagedBytesNeverCrash() throws {
    var random = RandomGenerator(seed: 30)
    let json =
      "{\"atoms\": [{\"element\": \"P\", \"electrons\": 3.5, \"charge\": null}], "
      + "\"vacuumElectrons\": 0}"
    let telling = ["-", "9999999999", "e300", "nan", "\n", " ", "null", ":", "{"]
    for original in [acf(), json] {
      var refused = 0
      for _ in 0..<1000 {
        var bytes = Array(original.utf8)
        let at = Int.random(in: 0..<bytes.count - 1, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes[at] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes.removeSubrange(at...)
        case 2: bytes.removeSubrange(at..<min(bytes.count, at + 30))
        default:
          let index = Int.random(in: 0..<telling.count, using: &random)
          bytes.insert(contentsOf: Array(telling[index].utf8), at: at)
        }
        let path = try directory.write(Data(bytes), to: "damaged")
        do {
          if original == json {
            _ = try BaderJSON(path: path)
          } else {
            _ = try BaderACF(path: path)
          }
        } catch let error as FileFormatsError {
          #expect(!error.description.isEmpty)
          refused += 1
        }
      }
      #expect(refused > 300 && refused < 1000)
    }
  }

  /// Atoms that lie elsewhere are another snapshot, or in another order; units and shifts are none.
  @Test func positionsAreHeldAgainstTheStructure() throws {
    let file = try read(acf())
    func structure(_ unit: Double, _ shift: Vector3, swapped: Bool = false) -> Structure {
      let places = [Vector3(0, 0, 0), Vector3(2, 0, 1)].map { unit * $0 + shift }
      return Structure(
        lattice: Lattice(Vector3(6, 0, 0), Vector3(0, 7, 0), Vector3(1, 0, 8)),
        species: [Element("Li")!, Element("S")!],
        positions: swapped ? places.reversed() : places)
    }
    #expect(file.misplacedAtom(in: structure(1, .zero)) == nil)
    #expect(file.misplacedAtom(in: structure(1, Vector3(0.3, -4, 9)).wrapped()) == nil)
    #expect(file.misplacedAtom(in: structure(Units.bohr, .zero)) == nil)
    let found = try #require(file.misplacedAtom(in: structure(1, .zero, swapped: true)))
    #expect(found.atom == 1 && found.distance > 1)
  }

  @Test func ownResults() throws {
    let path = directory.file("bader.json")
    func read(_ text: String) throws -> BaderJSON {
      try AtomicFile.write(text, to: path)
      return try BaderJSON(path: path)
    }
    func atom(_ charge: String) -> String {
      "{\"atoms\": [{\"element\": \"P\", \"electrons\": 3.5, \"charge\": \(charge)}], "
        + "\"vacuumElectrons\": 0}"
    }
    let known = try read(atom("1.5"))
    #expect(known.atoms.map(\.charge) == [1.5] && known.atoms[0].element == Element("P"))
    #expect(try read(atom("null")).atoms[0].charge == nil)
    #expect(try BaderJSON.claims(path: path))
    for (text, word) in [
      (String(atom("1").dropLast(9)), "cut off"), ("{\"atoms\": []}", "vacuumElectrons"),
      ("{\"atoms\": [], \"vacuumElectrons\": 0}", "no atoms"),
      (atom("\"much\""), "at atoms"), ("[1, 2]", "not what"),
      (atom("1").replacingOccurrences(of: "\"P\"", with: "\"Xx\""), "Xx"),
    ] {
      do {
        _ = try read(text)
        Issue.record("\(word): was read")
      } catch {
        #expect("\(error)".contains(word), "\(error)")
      }
    }
    try AtomicFile.write(acf(), to: path)
    #expect(try BaderJSON.claims(path: path) == false)
  }

  @Test func theColumnThatIsAskedFor() throws {
    let path = directory.file("run.extxyz")
    func first(_ properties: String, _ row: String, _ columns: [String]) throws -> Frame? {
      try AtomicFile.write(
        "1\nLattice=\"9 0 0 0 9 0 0 0 9\" Properties=\(properties) time_fs=0\n\(row)\n", to: path)
      var reader = try TrajectoryReader(path: path, origin: TrajectoryOrigin(columns: columns))
      return try reader.next()
    }
    let plain = "species:S:1:pos:R:3"
    let one = try first(plain + ":q:R:1:bader_charge:R:1", "P 1 2 3 7 1.25", ["bader_charge"])
    #expect(one?.column == AtomColumn(name: "bader_charge", values: [1.25]))
    #expect(try first(plain + ":q:R:1", "P 1 2 3 7", ["bader_charge"])?.column == nil)
    #expect(try first(plain + ":q:R:1", "P 1 2 3 7", [])?.column == nil)
    // Whole numbers, atomic numbers in place of symbols, and a column that has a role of its own.
    #expect(try first(plain + ":q:I:1", "P 1 2 3 7", ["a", "q"])?.column?.values == [7])
    #expect(try first("Z:I:1:pos:R:3:q:R:1", "15 1 2 3 -7e-1", ["q"])?.column?.values == [-0.7])
    let both = try first(plain + ":formal_charge:R:1", "P 1 2 3 5", ["formal_charge"])
    #expect(both?.column?.values == [5] && both?.structure.formalCharges == [5])
    for (properties, row, columns, word) in [
      (plain + ":q:S:1", "P 1 2 3 x", ["q"], "expected q:R:1"),
      (plain + ":q:R:3", "P 1 2 3 1 2 3", ["q"], "expected q:R:1"),
      (plain + ":q:R:1", "P 1 2 3 nan", ["q"], "is not a finite number"),
      (plain + ":q:R:1:r:R:1", "P 1 2 3 1 2", ["q", "r"], "--column q"),
    ] {
      do {
        _ = try first(properties, row, columns)
        Issue.record("\(word): was read")
      } catch {
        #expect("\(error)".contains(word), "\(error)")
      }
    }
  }

  @Test func theColumnOfADump() throws {
    let path = directory.file("run.lammpstrj")
    try AtomicFile.write(
      """
      ITEM: TIMESTEP
      0
      ITEM: NUMBER OF ATOMS
      2
      ITEM: BOX BOUNDS pp pp pp
      0 9
      0 9
      0 9
      ITEM: ATOMS id element x y z q
      2 S 1 1 1 -0.5
      1 P 2 2 2 0.75

      """, to: path)
    var reader = try TrajectoryReader(
      path: path, frameInterval: 1, origin: TrajectoryOrigin(columns: ["charge", "q"]))
    #expect(try reader.next()?.column == AtomColumn(name: "q", values: [0.75, -0.5]))
  }
}
