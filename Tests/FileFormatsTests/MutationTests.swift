import Atomistics
import FileFormats
import Foundation
import Testing

/// Damaged bytes never crash a reader: they give a structure that passes the checks, or an error
/// of this target.
struct MutationTests {
  private static let cif = """
    data_test
    _cell_length_a 4.08
    _cell_length_b 4.08
    _cell_length_c 4.08
    _cell_angle_alpha 90
    _cell_angle_beta 90
    _cell_angle_gamma 90
    _space_group_name_H-M_alt 'F m -3 m'
    loop_
    _symmetry_equiv_pos_as_xyz
    'x, y, z'
    '-x, -y, z+1/2'
    loop_
    _atom_site_label
    _atom_site_fract_x
    _atom_site_fract_y
    _atom_site_fract_z
    _atom_site_occupancy
    Li1 0 0 0 1
    F1 0.5 0.5(1) 0.5 1.0

    """

  private static func seeds() throws -> [(String, Data)] {
    var full = sampleStructures()[1]
    full.velocities = full.positions
    full.regions = [.metal, .metal, .electrolyte, .electrolyte]
    full.layers = [0, 1, 2, -1]
    let xyz = ExtendedXYZ.text(of: Frame(structure: full, time: 1, energy: -2))
    let poscar = POSCAR().text(of: full)
    let selective = poscar.replacingOccurrences(of: "1.0\n", with: "-80\n")
    let xdatcar =
      "t\n1\n5 0 0\n0 5 0\n0 0 5\nLi S\n1 1\nDirect configuration= 1\n0 0 0\n.5 .5 .5\n"
      + "Direct configuration= 2\n0 0 0\n.5 .5 .6\n"
    let cp2k =
      "2\n i = 0, time = 0.0, E = -1.5\nLi 0 0 0\nS 2 2 2\n2\n i = 1, time = 0.5, E = -1.6\n"
      + "Li 0 0 0.1\nS 2 2 2\n"
    let run = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Fixtures/vasprun/dynamics.xml")
    return [
      ("a.xyz", Data((xyz + xyz).utf8)), ("POSCAR", Data(poscar.utf8)),
      ("CONTCAR", Data(selective.utf8)), ("a.cif", Data(cif.utf8)),
      ("XDATCAR", Data(xdatcar.utf8)), ("a.xyz.gz", try gzipped(xyz)),
      ("a.lammpstrj", Data(try ExchangeGolden.text("cell.lammpstrj").utf8)),
      ("dump.xyz", Data(try ExchangeGolden.text("gpumd_dump.xyz").utf8)),
      ("general.dump", Data(try ExchangeGolden.text("general.dump").utf8)),
      ("run-pos-1.xyz", Data(cp2k.utf8)), ("vasprun.xml", try Data(contentsOf: run)),
    ]
  }

  /// One to four changes: a byte flipped, cut, doubled or replaced by something telling, a number
  /// blown up, a line lost or repeated.
  private func mutated(_ data: Data, _ random: inout RandomGenerator) -> Data {
    var bytes = Array(data)
    for _ in 0...Int.random(in: 0...3, using: &random) where bytes.count > 2 {
      let at = Int.random(in: 0..<(bytes.count - 1), using: &random)
      switch Int.random(in: 0...6, using: &random) {
      case 0: bytes[at] ^= 1 << UInt8.random(in: 0...7, using: &random)
      case 1: bytes.remove(at: at)
      case 2: bytes.removeSubrange(at...)
      case 3: bytes[at] = UInt8.random(in: 0...255, using: &random)
      case 4:
        let telling = ["-", "9999999999", "e300", "nan", "0", "\n", " ", "\"", "'", ".", "1e-300"]
        let index = Int.random(in: 0..<telling.count, using: &random)
        bytes.insert(contentsOf: Array(telling[index].utf8), at: at)
      case 5:
        let end = min(bytes.count, at + Int.random(in: 1...80, using: &random))
        bytes.insert(contentsOf: bytes[at..<end], at: at)
      default:
        let end = min(bytes.count, at + Int.random(in: 1...80, using: &random))
        bytes.removeSubrange(at..<end)
      }
    }
    return Data(bytes)
  }

  @Test(arguments: 0..<11)
  func damagedBytesNeverCrash(kind: Int) throws {
    let (name, original) = try Self.seeds()[kind]
    let directory = try TemporaryDirectory()
    var random = RandomGenerator(seed: 42 + UInt64(kind))
    _ = try StructureFile.read(directory.write(original, to: name))
    var outcomes = (read: 0, refused: 0)
    for _ in 0..<4000 {
      let path = try directory.write(mutated(original, &random), to: name)
      do {
        let structure = try StructureFile.read(path)
        try structure.validate()
        outcomes.read += 1
      } catch let error as FileFormatsError {
        #expect(!error.description.isEmpty)
        outcomes.refused += 1
      }
      if let trajectory = try? TrajectoryReader(path: path) {
        var reader = trajectory
        while (try? reader.next()) != nil { #expect(reader.frameCount < 1000) }
      }
    }
    // Both happen, or the test would not try what it says.
    #expect(outcomes.refused > (name == "vasprun.xml" ? 200 : 400))
    #expect(outcomes.read > 40 || name.hasSuffix(".gz"))
  }
}
