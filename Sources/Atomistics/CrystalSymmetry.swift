import CSpglib
import Synchronization

/// The space group of a crystal and its operations, found by spglib.
///
/// A. Togo, K. Shinohara, I. Tanaka, Sci. Technol. Adv. Mater. Meth. 4, 2384822 (2024),
/// doi 10.1080/27660400.2024.2384822.
public struct CrystalSymmetry: Sendable {
  /// The number in the International Tables, 1 to 230.
  public let number: Int
  /// The international symbol, `F-43m`.
  public let symbol: String
  /// The point group, `-43m`.
  public let pointGroup: String
  /// In the cell as given; of a centred cell those with centring translations too.
  public let operations: [SymmetryOperation]
  /// How far (Å) an atom may lie from the image of its like.
  public let tolerance: Double
  /// The conventional cell of the International Tables, not idealised and not turned.
  public let conventional: Structure

  /// Whether the crystal and its mirror image are two: no operation takes a right hand to a left.
  public var isChiral: Bool { operations.allSatisfy(\.isProper) }

  /// Finds the symmetry of a crystal.
  ///
  /// - Parameters:
  ///   - tolerance: in Å; 0.01 bears the rounding of files and of relaxations.
  ///   - angleTolerance: how far (degrees) angles of the cell may be off; nil: as far as `tolerance`
  ///     lets its vectors turn.
  /// - Throws: `AtomisticsError.badStructure` for what is no crystal, or where spglib finds no group.
  public init(
    _ crystal: Structure, tolerance: Double = 0.01, angleTolerance: Double? = nil
  ) throws(AtomisticsError) {
    precondition(tolerance > 0, "the tolerance is above zero")
    guard crystal.periodic == [true, true, true] else {
      throw AtomisticsError.badStructure(
        "the symmetry of a structure that does not repeat in all three directions was asked for; "
          + "give the crystal, not a slab")
    }
    guard crystal.count > 0, crystal.positions.allSatisfy(\.isFinite), crystal.volume > 1e-6 else {
      throw AtomisticsError.badStructure(
        "no symmetry can be found: the cell has no volume, no atoms, or coordinates that are not "
          + "numbers; check the lattice and the positions")
    }
    // spglib expects a right-handed basis; turned about the origin all vectors change their sign.
    let hand = crystal.lattice.matrix.determinant > 0 ? 1.0 : -1.0
    let cell = SpglibCell(
      crystal, hand: hand, tolerance: tolerance, angleTolerance: angleTolerance ?? -1)
    let found = Self.inSpglib { cell.dataset }
    switch found {
    case .success(let data):
      number = data.number
      symbol = data.symbol
      pointGroup = data.pointGroup
      operations = data.operations
      conventional = data.conventional
    case .failure(let reason):
      throw AtomisticsError.badStructure(
        "spglib finds no space group of \(crystal.composition.reduced.formula) within "
          + "\(tolerance) Å (\(reason.text)); expected a crystal whose atoms lie further apart than "
          + "that, check for doubled atoms or take another tolerance")
    }
    self.tolerance = tolerance
  }

  /// spglib keeps its last error in a variable that all threads share.
  private static func inSpglib<T: Sendable>(_ body: () -> T) -> T {
    spglibTurn.withLock { _ in body() }
  }
}

private let spglibTurn = Mutex(())

/// What spglib says of a failure.
struct SpglibFailure: Error { let text: String }

/// A crystal as spglib takes it: columns are cell vectors, types are atomic numbers.
private struct SpglibCell {
  typealias Row = (Double, Double, Double)
  let lattice: (Row, Row, Row)
  let positions: [Row]
  let types: [Int32]
  let hand: Double
  let tolerance: Double
  let angleTolerance: Double

  init(_ crystal: Structure, hand: Double, tolerance: Double, angleTolerance: Double) {
    (self.hand, self.tolerance, self.angleTolerance) = (hand, tolerance, angleTolerance)
    let (a, b, c) = (hand * crystal.lattice.a, hand * crystal.lattice.b, hand * crystal.lattice.c)
    lattice = ((a.x, b.x, c.x), (a.y, b.y, c.y), (a.z, b.z, c.z))
    positions = crystal.fractionalPositions.map { (hand * $0.x, hand * $0.y, hand * $0.z) }
    types = crystal.species.map { Int32($0.atomicNumber) }
  }

  struct Found: Sendable {
    let number: Int
    let symbol: String
    let pointGroup: String
    let operations: [SymmetryOperation]
    let conventional: Structure
  }

  var dataset: Result<Found, SpglibFailure> {
    var (cell, places) = (lattice, positions)
    let data = withUnsafeMutablePointer(to: &cell) { cell in
      UnsafeMutableRawPointer(cell).withMemoryRebound(to: Row.self, capacity: 3) { rows in
        places.withUnsafeMutableBufferPointer { places in
          spgat_get_dataset(
            rows, places.baseAddress, types, Int32(types.count), tolerance, angleTolerance)
        }
      }
    }
    guard let data else { return .failure(Self.failure) }
    defer { spg_free_dataset(data) }
    guard data.pointee.spacegroup_number > 0 else { return .failure(Self.failure) }
    guard let conventional = standardized else { return .failure(Self.failure) }
    let d = data.pointee
    let operations = (0..<Int(d.n_operations)).map { k in
      let (r, t) = (d.rotations[k], d.translations[k])
      return SymmetryOperation(
        rotation: [r.0, r.1, r.2].map { SIMD3(Int($0.0), Int($0.1), Int($0.2)) },
        translation: hand * Vector3(t.0, t.1, t.2))
    }
    return .success(
      Found(
        number: Int(d.spacegroup_number), symbol: Self.text(d.international_symbol),
        pointGroup: Self.text(d.pointgroup_symbol), operations: operations,
        conventional: conventional))
  }

  /// The conventional cell, in the frame of the cell as given.
  private var standardized: Structure? {
    let count = types.count
    // A conventional cell holds at most four primitive ones.
    var cell = lattice
    var places = positions + Array(repeating: (0, 0, 0), count: 3 * count)
    var kinds = types + Array(repeating: 0, count: 3 * count)
    let found = withUnsafeMutablePointer(to: &cell) { cell in
      UnsafeMutableRawPointer(cell).withMemoryRebound(to: Row.self, capacity: 3) { rows in
        places.withUnsafeMutableBufferPointer { places in
          kinds.withUnsafeMutableBufferPointer { kinds in
            spgat_standardize_cell(
              rows, places.baseAddress, kinds.baseAddress, Int32(count), 0, 1, tolerance,
              angleTolerance)
          }
        }
      }
    }
    guard found > 0 else { return nil }
    let (x, y, z) = cell
    return Structure(
      lattice: Lattice(
        Vector3(x.0, y.0, z.0), Vector3(x.1, y.1, z.1), Vector3(x.2, y.2, z.2)),
      species: kinds.prefix(Int(found)).compactMap { Element(atomicNumber: Int($0)) },
      fractional: places.prefix(Int(found)).map { Vector3($0.0, $0.1, $0.2) })
  }

  private static var failure: SpglibFailure {
    let message = spg_get_error_message(spg_get_error_code())
    return SpglibFailure(text: message.map { String(cString: $0) } ?? "no reason given")
  }

  /// A fixed array of characters, up to its first zero.
  private static func text<T>(_ characters: T) -> String {
    withUnsafeBytes(of: characters) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        .split(separator: " ").joined()
    }
  }
}
