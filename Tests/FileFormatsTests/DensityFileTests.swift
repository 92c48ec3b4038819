import Atomistics
import FileFormats
import Foundation
import Testing

@Suite struct DensityFileTests {
  private let directory: TemporaryDirectory
  private static let perCubicBohr = 1 / (Units.bohr * Units.bohr * Units.bohr)

  init() throws { directory = try TemporaryDirectory() }

  /// A cube of 2 x 3 x 4 points with values 1, 2, ... 24.
  private func cube(
    atoms: String = "2", counts: [String] = ["2", "3", "4"], charges: [String] = ["3.0", "7.0"],
    orbitals: String = "", perLine: Int = 6, values: [String]? = nil, end: String = "\n"
  ) -> String {
    let values = values ?? (1...24).map { "\($0).0E+00" }
    let lines = stride(from: 0, to: values.count, by: perLine).map {
      values[$0..<min($0 + perLine, values.count)].joined(separator: " ")
    }
    return """
      comment
      more
      \(atoms) 1.0 2.0 3.0
      \(counts[0]) 3.0 0.0 0.0
      \(counts[1]) 0.0 2.0 0.0
      \(counts[2]) 0.0 0.5 1.5
      3 \(charges[0]) 1.0 2.0 3.0
      17 \(charges[1]) 4.0 5.0 6.0
      \(orbitals)
      """ + lines.joined(separator: "\n") + end
  }

  private func vasp(
    counts: String = "2 3 4", values: [String]? = nil, perLine: Int = 5, rest: String = ""
  ) -> String {
    let values = values ?? (1...24).map { "0.\($0 < 10 ? "0" : "")\($0)000000000E+02" }
    let lines = stride(from: 0, to: values.count, by: perLine).map {
      " " + values[$0..<min($0 + perLine, values.count)].joined(separator: " ")
    }
    return """
      LiCl
         1.0
         4.0 0.0 0.0
         0.0 5.0 0.0
         0.0 0.0 6.0
       Li Cl
         1 1
      Direct
        0.0 0.0 0.0
        0.5 0.5 0.5

       \(counts)

      """ + lines.joined(separator: "\n") + "\n" + rest
  }

  private func read(_ text: String, as name: String) throws -> DensityFile {
    try DensityFile(path: directory.write(text, to: name))
  }

  private func message(_ text: String, as name: String) -> String {
    do {
      _ = try read(text, as: name)
      return "no error"
    } catch {
      return "\(error)"
    }
  }

  @Test func cubesInBohrWithAnOrigin() throws {
    let file = try read(cube(), as: "density.cube")
    let grid = file.grid
    #expect(grid.counts == SIMD3(2, 3, 4) && grid.fastestAxis == .c)
    #expect(grid.structure.species.map(\.symbol) == ["Li", "Cl"])
    #expect(file.nuclearCharges == [3, 7])
    #expect((grid.structure.lattice.a - Vector3(6 * Units.bohr, 0, 0)).length < 1e-12)
    #expect((grid.structure.lattice.c - Vector3(0, 2, 6) * Units.bohr).length < 1e-12)
    #expect(grid.structure.positions[0].length < 1e-12)
    #expect((grid.structure.positions[1] - Vector3(3, 3, 3) * Units.bohr).length < 1e-12)
    for (index, value) in grid.values.enumerated() {
      #expect(abs(value - Double(index + 1) * Self.perCubicBohr) < 1e-12)
    }
    // Point 5 is (0, 1, 1): the last axis is fastest.
    #expect(grid.indices(of: 5) == SIMD3(0, 1, 1))
  }

  @Test func cubesOfOtherPrograms() throws {
    // ASE and old CP2K have no charges; one long line of values; a line for each row of points.
    let ase = try read(cube(charges: ["0.0", "0.0"], perLine: 24, end: ""), as: "a.cube")
    #expect(ase.nuclearCharges == nil && ase.grid.values.count == 24)
    let rows = try read(cube(perLine: 4), as: "b.cub")
    #expect(rows.grid.values == ase.grid.values)
    let orbital = try read(cube(atoms: "-2", orbitals: "    1    5\n"), as: "c.cube")
    #expect(orbital.grid.values == ase.grid.values && orbital.grid.structure.count == 2)
    #expect(message(cube(atoms: "-2", orbitals: "2 5 6\n"), as: "d.cube").contains("one data set"))
    let angstrom = try read(cube(counts: ["-2", "-3", "-4"]), as: "e.cube")
    #expect((angstrom.grid.structure.lattice.a - Vector3(6, 0, 0)).length < 1e-12)
    #expect((angstrom.grid.structure.positions[1] - Vector3(3, 3, 3)).length < 1e-12)
    #expect(message(cube(counts: ["2", "-3", "4"]), as: "f.cube").contains("same sign"))
    // Told by content, with Windows' line ends.
    let renamed = try read(cube().replacingOccurrences(of: "\n", with: "\r\n"), as: "density.dat")
    #expect(renamed.grid.values == ase.grid.values)
  }

  @Test func densitiesOfVASP() throws {
    let rest = "augmentation occupancies 1 4\n 0.1 0.2 0.3 0.4\n   2 3 4\n 0.0 0.0\n"
    for text in [
      vasp(), vasp(rest: rest), vasp(perLine: 10, rest: "\n"), vasp(rest: " 2 3 4\n0 0"),
    ] {
      let grid = try read(text, as: "CHGCAR").grid
      #expect(grid.counts == SIMD3(2, 3, 4) && grid.fastestAxis == .a)
      // ρ V of 1, 2, ... in 120 Å³, the first index fastest.
      for (index, value) in grid.values.enumerated() {
        #expect(abs(value - Double(index + 1) / 120) < 1e-12)
      }
      #expect(grid.indices(of: 3) == SIMD3(1, 1, 0))
      #expect((grid.position(of: 3) - Vector3(2, 5 / 3, 0)).length < 1e-12)
    }
    // The magnetisation of two atoms, then the second block.
    let spin = vasp(rest: " 0.5 0.5\n 2 3 4\n 0 0 0\n")
    #expect(try read(spin, as: "AECCAR0").grid.values.count == 24)
    #expect(try read(vasp(), as: "density.dat").nuclearCharges == nil)
  }

  @Test func packedFilesAreTheSame() throws {
    let plain = try read(cube(), as: "p.cube")
    let path = try directory.write(try gzipped(cube()), to: "p.cube.gz")
    #expect(try DensityFile(path: path).grid.values == plain.grid.values)
    let cut = try directory.write(try gzipped(vasp()).dropLast(30), to: "CHGCAR.gz")
    #expect(throws: FileFormatsError.self) { try DensityFile(path: cut) }
  }

  @Test func damagedFilesAreRefusedWithTheirLine() throws {
    var values = (1...24).map { "\($0).0" }
    values[13] = "NaN"
    #expect(message(cube(values: values), as: "n.cube").contains("line 11: 'NaN'"))
    values[13] = "*****"
    #expect(message(cube(values: values), as: "s.cube").contains("number 14 of the values"))
    values[13] = "1e999"
    #expect(message(cube(values: values), as: "i.cube").contains("not a finite number"))
    values[13] = "0.1-0.2E+01"
    #expect(message(vasp(values: values), as: "CHGCAR").contains("0.1-0.2E+01"))
    let short = (1...23).map { "\($0).0" }
    #expect(message(cube(values: short), as: "t.cube").contains("23 of 24"))
    #expect(message(vasp(values: short), as: "CHGCAR_t").contains("23 of 24"))
    let long = (1...36).map { "\($0).0" }
    #expect(message(cube(values: long), as: "l.cube").contains("behind the 24 values"))
    #expect(message(cube(perLine: 7, values: long), as: "m.cube").contains("the line goes on"))
    #expect(message(vasp(values: long), as: "CHGCAR_l").contains("the line goes on"))
    #expect(message(vasp(values: long, perLine: 6), as: "CHGCAR_m").contains("counts"))
    #expect(message(vasp(counts: "2 3 four"), as: "CHGCAR_c").contains("line 12"))
    #expect(message(vasp(counts: "99999 99999 99999"), as: "CHGCAR_h").contains("more than"))
    #expect(message(vasp(counts: "900 900 900"), as: "CHGCAR_i").contains("24 of 729000000"))
    #expect(message("", as: "e.cube").contains("ends too early"))
    #expect(message("hello\n", as: "CHGCAR_e").contains("ends too early"))
    #expect(message("hello\n", as: "other").contains("expected CHGCAR"))
    #expect(message(cube(atoms: "2.5"), as: "g.cube").contains("number of atoms"))
    #expect(message(cube(counts: ["0", "3", "4"]), as: "z.cube").contains("line 4"))
  }

  @Test func mutatedFilesNeverCrash() throws {
    var random = RandomGenerator(seed: 11)
    for round in 0..<300 {
      var bytes = Array((round % 2 == 0 ? cube() : vasp()).utf8)
      for _ in 0..<3 {
        let place = Int(random.uniform() * Double(bytes.count))
        bytes[place] = UInt8(random.uniform() * 128)
      }
      let path = try directory.write(Data(bytes), to: round % 2 == 0 ? "m.cube" : "CHGCAR")
      do { _ = try DensityFile(path: path) } catch is FileFormatsError {}
    }
  }

  @Test func numbersAreRoundedAsTheLibraryRoundsThem() throws {
    var random = RandomGenerator(seed: 5)
    var texts = [
      "0", "-0.0", "1", ".5", "5.", "+1.25", "1e5", "1E-05", "123456789012345678901234567890",
      "9007199254740993", "0.1234567890123456789", "2.5e-30", "1e22",
      "1e23", "8.41e+21", "1234567890123456789e-19",
    ]
    for _ in 0..<2000 {
      texts.append("\((random.uniform() - 0.5) * exp(60 * random.uniform() - 30))")
      texts.append(String(format: "%.11E", random.uniform() * exp(80 * random.uniform() - 40)))
    }
    let values = try read(line(texts, separator: { _ in " " }), as: "numbers.cube").grid.values
    for (text, value) in zip(texts, values) {
      let exact = try #require(Double(text))
      #expect(value == (abs(exact) < 1e-99 ? 0 : exact * Self.perCubicBohr), "\(text)")
    }
    // Fortran's forms.
    let fortran = ["1.5D+02", ".123-50", "-0.2d1", "0.12345678901-101"]
    #expect(
      try read(line(fortran, separator: { _ in " " }), as: "fortran.cube").grid.values
        == [150, 0.123e-50, -2, 0].map { $0 * Self.perCubicBohr })
  }

  /// A cube with these numbers along its first axis.
  private func line(_ numbers: [String], separator: (Int) -> String) -> String {
    "comment\nmore\n1 0 0 0\n\(numbers.count) 1.0 0 0\n1 0 9 0\n1 0 0 9\n3 0 0 0 0\n"
      + numbers.enumerated().map { $1 + separator($0) }.joined()
  }

  @Test func numbersAcrossTheBuffersEnds() throws {
    // Three chunks of 64 KiB, lines of any length.
    let count = 20_000
    let numbers = (0..<count).map { "\(Double($0) * 1.5)" }
    let text = line(numbers, separator: { $0 % 7 == 0 ? "\n" : "  " })
    let values = try read(text, as: "long.cube").grid.values
    #expect(values == (0..<count).map { Double($0) * 1.5 * Self.perCubicBohr })
  }
}
