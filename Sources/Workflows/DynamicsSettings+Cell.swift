import Atomistics
import Dynamics

/// How the cell is held at a pressure or a stress.
///
/// | name | unit |
/// |---|---|
/// | `mode`: the strains that the cell is free to take | - |
/// | `stress`, the target: xx, yy, zz, yz, xz, xy, positive when stretched; −p three times for a pressure p | eV/Å³ |
/// | `timeConstant` | fs |
/// | `compressibility`; enters through the relaxation time alone | Å³/eV |
public struct CellSettings: Codable, Hashable, Sendable {
  public var mode: StochasticCellRescaling.Mode
  public var stress: [Double]
  public var timeConstant = 1000.0
  public var compressibility = StochasticCellRescaling.defaultCompressibility

  public init(_ mode: StochasticCellRescaling.Mode, pressure: Double = 0) {
    self.mode = mode
    stress = [-pressure, -pressure, -pressure, 0, 0, 0]
  }

  /// Reads the text of a target stress, six values and a unit: "-0.1 -0.1 0 0 0 0 GPa".
  public static func stress(_ text: String) throws -> [Double] {
    let words = text.split(whereSeparator: \.isWhitespace).map(String.init)
    guard words.count == 7 else {
      throw AtomisticsError.badQuantity(
        text, expected: "a stress: xx yy zz yz xz xy and a unit, e.g. \"-0.1 -0.1 0 0 0 0 GPa\"")
    }
    return try words.prefix(6).map { try Quantity.pressure("\($0) \(words[6])") }
  }

  var barostat: StochasticCellRescaling {
    let s = stress
    return StochasticCellRescaling(
      mode,
      stress: Matrix3(
        Vector3(s[0], s[5], s[4]), Vector3(s[5], s[1], s[3]), Vector3(s[4], s[3], s[2])),
      timeConstant: timeConstant, compressibility: compressibility)
  }

  private var isPressure: Bool {
    stress[0] == stress[1] && stress[1] == stress[2] && stress[3...5].allSatisfy { $0 == 0 }
  }

  func validate() throws {
    try DynamicsSettings.requireAbove([
      (timeConstant, "a time constant of the cell above 0 fs"),
      (compressibility, "a compressibility above 0 1/GPa"),
    ])
    guard stress.count == 6, stress.allSatisfy({ $0.isFinite && abs($0) < 10 }) else {
      throw AtomisticsError.badQuantity(
        stress.map { "\($0 * Units.gigapascal)" }.joined(separator: " ") + " GPa",
        expected: "a pressure or stress of less than 1600 GPa")
    }
    guard isPressure || mode == .flexible else {
      throw DynamicsError.badStart(
        "a cell that is \(mode.rawValue) cannot come to six stresses; give a pressure, or let the "
          + "cell be flexible")
    }
  }

  /// A vacuum yields to any pressure, and its share of the cell's volume is arbitrary.
  func validate(for structure: Structure) throws {
    let names = ["a", "b", "c"]
    for axis in 0..<3 {
      let gap = structure.periodic[axis] ? structure.widestGap(along: axis) : .infinity
      guard gap > Self.vacuum else { continue }
      let what =
        structure.periodic[axis]
        ? "the cell has a vacuum of \((gap * 10).rounded() / 10) Å along \(names[axis])"
        : "the structure does not repeat along \(names[axis])"
      guard mode == .inPlane, axis == 2 else {
        throw DynamicsError.badStart(
          "\(what), which a barostat that is \(mode.rawValue) would close or open; "
            + (axis == 2
              ? "hold the cell in-plane, or take the vacuum out"
              : "leave the cell as it is, or take the vacuum out"))
      }
      guard stress.allSatisfy({ $0 == 0 }) else {
        throw DynamicsError.badStart(
          "\(what), so that a stress in the plane depends on how much of it there is; the target "
            + "in-plane can only be 0 GPa here")
      }
    }
  }

  /// Atoms further apart than this (Å) along an axis leave a vacuum between them.
  static let vacuum = 8.0
}

extension Structure {
  /// The widest gap between planes of atoms along an axis, around the cell, in Å.
  func widestGap(along axis: Int) -> Double {
    let places = fractionalPositions.map { $0[axis] - $0[axis].rounded(.down) }.sorted()
    guard let first = places.first, let last = places.last else { return 0 }
    var widest = first + 1 - last
    for (a, b) in zip(places, places.dropFirst()) { widest = max(widest, b - a) }
    return widest * lattice.heights[axis]
  }
}
