import Atomistics

/// An electron density as a file has it.
public struct DensityFile: Sendable {
  /// The density in e/Å³ with the structure; the file's origin is point (0, 0, 0).
  public let grid: VolumetricGrid
  /// What the file says in place of each nucleus' charge (e), if it says anything: the atomic number
  /// or the charge of the ion that a pseudopotential stands for. Programs differ, see
  /// `GaussianCube`.
  public let nuclearCharges: [Double]?

  /// Reads CHGCAR, AECCAR and CHG of VASP or a cube file, plain or gzip; the name tells the format,
  /// or else the content.
  ///
  /// - Throws: `FileFormatsError` with file and line.
  public init(path: String) throws {
    let lines = try LineReader(path: path)
    let isCube = try Self.isCube(path)
    self = try isCube ? GaussianCube.read(lines) : VASPDensity.read(lines)
  }

  init(grid: VolumetricGrid, nuclearCharges: [Double]? = nil) {
    self.grid = grid
    self.nuclearCharges = nuclearCharges
  }

  /// No grid that a calculation makes has more points; a count above is a damaged one.
  static let mostPoints = 1 << 31 - 1

  private static func isCube(_ path: String) throws -> Bool {
    var name = path.split(separator: "/").last.map { $0.lowercased() } ?? ""
    if name.hasSuffix(".gz") { name = String(name.dropLast(3)) }
    if name.hasSuffix(".cube") || name.hasSuffix(".cub") { return true }
    if ["chgcar", "aeccar", "chg"].contains(where: name.hasPrefix) { return false }
    let reader = try LineReader(path: path)
    var head: [[Substring]] = []
    while head.count < 8, let line = try reader.next() { head.append(fields(line)) }
    func numbers(_ row: Int) -> Int { head[row].prefix { Double($0) != nil }.count }
    guard head.count == 8 else {
      throw FileFormatsError.unknownFormat(path, expected: names)
    }
    if (2...5).allSatisfy({ numbers($0) >= 4 && Int(head[$0][0]) != nil }) { return true }
    if [1, 3].contains(numbers(1)), (2...4).allSatisfy({ numbers($0) == 3 }) { return false }
    throw FileFormatsError.unknownFormat(path, expected: names)
  }

  private static let names = "CHGCAR, AECCAR0, AECCAR2 or CHG of VASP, or a cube file (.cube)"
}
