/// A quantity over one cell of a plane lattice, as tiles in colour: the picture of an energy over
/// lateral shifts.
///
/// | name | what | unit |
/// |---|---|---|
/// | `a`, `b` | the cell, b above a | that of `lengthUnit` |
/// | `values` | at i a/n_a + j b/n_b, j fastest; each a tile that begins there | that of `unit` |
/// | `marked` | indices of values to mark, the first one most | - |
public struct Landscape: Sendable, Hashable {
  public let a: SIMD2<Double>
  public let b: SIMD2<Double>
  public let divisions: SIMD2<Int>
  public let values: [Double]
  public let marked: [Int]
  public let quantity: String
  public let unit: String
  public let lengthUnit: String

  public init(
    a: SIMD2<Double>, b: SIMD2<Double>, divisions: SIMD2<Int>, values: [Double],
    marked: [Int] = [], quantity: String, unit: String, lengthUnit: String = "Å"
  ) {
    precondition(values.count == divisions.x * divisions.y, "one value for each tile")
    precondition(marked.allSatisfy(values.indices.contains), "what is marked is there")
    (self.a, self.b, self.divisions, self.values) = (a, b, divisions, values)
    (self.marked, self.quantity, self.unit) = (marked, quantity, unit)
    self.lengthUnit = lengthUnit
  }

  /// Where a value lies.
  func place(_ index: Int) -> SIMD2<Double> {
    let (i, j) = (index / divisions.y, index % divisions.y)
    return Double(i) / Double(divisions.x) * a + Double(j) / Double(divisions.y) * b
  }

  /// The values as a table: where along x and y, and how much.
  var csv: String {
    let header = ["x (\(lengthUnit))", "y (\(lengthUnit))", "\(quantity) (\(unit))"]
    let rows = values.indices.map { index in
      let p = place(index)
      return "\(p.x),\(p.y),\(values[index])"
    }
    return ([header.map(FigureData.field).joined(separator: ",")] + rows).joined(separator: "\n")
      + "\n"
  }
}
