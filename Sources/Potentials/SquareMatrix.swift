/// A dense square matrix, row by row.
public struct SquareMatrix: Sendable, Equatable {
  public let count: Int
  public private(set) var numbers: [Double]

  /// - Precondition: `numbers` are `count` rows of `count`.
  public init(count: Int, numbers: [Double]) {
    precondition(numbers.count == count * count, "a square")
    self.count = count
    self.numbers = numbers
  }

  public init(_ count: Int, diagonal: Double) {
    self.init(count: count, numbers: Array(repeating: 0, count: count * count))
    for k in 0..<count { self[k, k] = diagonal }
  }

  public subscript(row: Int, column: Int) -> Double {
    get { numbers[row * count + column] }
    set { numbers[row * count + column] = newValue }
  }

  /// c with c A = h, if this is A⁻¹: the row h times this matrix.
  public func shares(of h: ArraySlice<Double>) -> [Double] {
    precondition(h.count == count, "a number per row")
    var result = [Double](repeating: 0, count: count)
    for (row, value) in h.enumerated() {
      let base = row * count
      for k in 0..<count { result[k] += value * numbers[base + k] }
    }
    return result
  }

  /// The inverse by Gauss and Jordan with row pivots; nil if there is none in these numbers.
  public func inverse() -> SquareMatrix? {
    var left = self
    var right = SquareMatrix(count, diagonal: 1)
    for column in 0..<count {
      let pivot = (column..<count).max { abs(left[$0, column]) < abs(left[$1, column]) }!
      let value = left[pivot, column]
      guard value.isFinite, abs(value) > 1e-14 else { return nil }
      left.swap(pivot, column)
      right.swap(pivot, column)
      left.scale(column, by: 1 / value)
      right.scale(column, by: 1 / value)
      for row in 0..<count where row != column {
        let factor = left[row, column]
        guard factor != 0 else { continue }
        left.add(column, to: row, times: -factor)
        right.add(column, to: row, times: -factor)
      }
    }
    return right.numbers.allSatisfy(\.isFinite) ? right : nil
  }

  /// Puts a new row k into A, whose inverse this is; `shares` are those of the new row.
  mutating func exchange(row k: Int, shares: [Double]) {
    let column = (0..<count).map { self[$0, k] / shares[k] }
    for row in 0..<count {
      let factor = column[row]
      let base = row * count
      for m in 0..<count { numbers[base + m] -= factor * shares[m] }
      numbers[base + k] += factor
    }
  }

  private mutating func swap(_ a: Int, _ b: Int) {
    guard a != b else { return }
    for k in 0..<count { numbers.swapAt(a * count + k, b * count + k) }
  }

  private mutating func scale(_ row: Int, by factor: Double) {
    for k in 0..<count { self[row, k] *= factor }
  }

  private mutating func add(_ source: Int, to row: Int, times factor: Double) {
    for k in 0..<count { self[row, k] += factor * self[source, k] }
  }
}
