import Atomistics
import Foundation

/// Where the atoms of a POSCAR, grouped by element, stood before, and the way back.
///
/// In the file `POSCAR.order` beside `POSCAR` (its name and `.order`): for every k from 0 a line with
/// `order[k]`, the place before of the k-th atom of the POSCAR, and `back[k]`, the place in the POSCAR
/// of the atom that was k-th before. That is what ASE's Vasp calculator reads and writes as
/// `ase-sort.dat`; renamed so, the file serves ASE.
public struct POSCAROrder: Sendable, Hashable {
  public let order: [Int]

  /// The order in which `POSCAR` writes a structure.
  public init(_ structure: Structure) { order = POSCAR.ordered(structure).order }

  init(order: [Int]) { self.order = order }

  /// For each atom as it was, its place in the POSCAR.
  public var back: [Int] {
    var places = order
    for (place, atom) in order.enumerated() { places[atom] = place }
    return places
  }

  /// The whole text of the file.
  public var text: String {
    zip(order, back).map { "\($0) \($1)\n" }.joined()
  }

  /// The file that goes with a POSCAR.
  public static func path(beside poscar: String) -> String { poscar + ".order" }

  /// What the file beside a POSCAR says; nil where there is none.
  ///
  /// - Throws: `FileFormatsError.badFile` where it is not a permutation of the POSCAR's atoms.
  static func read(beside poscar: String, count: Int) throws -> POSCAROrder? {
    let path = path(beside: poscar)
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    let lines = try LineReader(path: path)
    var order: [Int] = []
    var back: [Int] = []
    while let line = try lines.nextFilledLine() {
      let numbers = fields(line).compactMap { Int($0) }
      guard numbers.count == 2, fields(line).count == 2, order.count < count,
        numbers.allSatisfy((0..<count).contains)
      else {
        throw lines.failure(
          "expected \(count) lines, each of two of the numbers 0 to \(count - 1): where each atom "
            + "of \(poscar) stood, and the way back; remove the file to read the atoms as they stand"
        )
      }
      order.append(numbers[0])
      back.append(numbers[1])
    }
    let result = POSCAROrder(order: order)
    guard Set(order).count == count, result.back == back else {
      throw FileFormatsError.badFile(
        path: path, line: nil,
        reason: "it does not put each of the \(count) atoms of \(poscar) in a place of its own; "
          + "remove the file to read the atoms as they stand")
    }
    return result
  }
}

extension POSCAR {
  /// Writes a POSCAR and, beside it, its order; both appear whole or not at all.
  ///
  /// - Throws: `FileFormatsError.cannotWrite`.
  public static func writeWithOrder(_ structure: Structure, to path: String) throws {
    // The order first: a POSCAR without it would be read in another order.
    try AtomicFile.write(POSCAROrder(structure).text, to: POSCAROrder.path(beside: path))
    try AtomicFile.write(ordered(structure).text, to: path)
  }
}
