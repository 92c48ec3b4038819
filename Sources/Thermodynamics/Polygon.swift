/// A convex polygon in a triangle, its corners in mole fractions.
struct Polygon {
  let corners: [[Double]]

  static let triangle = Polygon([[1, 0, 0], [0, 1, 0], [0, 0, 1]])

  init(_ corners: [[Double]]) { self.corners = corners }

  /// The share of the triangle that it covers.
  var area: Double {
    guard corners.count > 2 else { return 0 }
    var twice = 0.0
    for k in corners.indices {
      let (a, b) = (corners[k], corners[(k + 1) % corners.count])
      twice += a[0] * b[1] - a[1] * b[0]
    }
    return abs(twice)
  }

  /// A point well within, another one for each attempt.
  func interiorPoint(_ attempt: Int) -> [Double] {
    var point = [0.0, 0, 0]
    var sum = 0.0
    for (k, corner) in corners.enumerated() {
      // The golden ratio's multiples spread evenly and repeat for no k.
      let turn = Double((k + 1) * (attempt + 1)) * 0.6180339887498949
      let weight = 1 + 0.4 * (turn - turn.rounded(.down))
      for i in 0..<3 { point[i] += weight * corner[i] }
      sum += weight
    }
    return point.map { $0 / sum }
  }

  /// The part where no function is negative, and the rest in convex pieces. A function is given by
  /// its values at the corners of the triangle. Slivers thinner than rounding are left out.
  func divided(by functions: [[Double]]) -> (inside: Polygon?, outside: [Polygon]) {
    var inside = self
    var outside: [Polygon] = []
    for function in functions {
      let rest = inside.kept(where: function.map { -$0 })
      if rest.isFat { outside.append(rest) }
      inside = inside.kept(where: function)
      guard inside.isFat else { return (nil, [self]) }
    }
    return (inside, outside)
  }

  /// Sutherland and Hodgman's clipping by one straight line.
  private func kept(where function: [Double]) -> Polygon {
    let scale = function.map { abs($0) }.max() ?? 0
    let values = corners.map { corner -> Double in
      let value = scalarProduct(corner, function)
      return abs(value) < 1e-13 * scale ? 0 : value
    }
    var result: [[Double]] = []
    for k in corners.indices {
      let next = (k + 1) % corners.count
      if values[k] >= 0 { result.append(corners[k]) }
      if values[k] * values[next] < 0 {
        let t = values[k] / (values[k] - values[next])
        result.append(zip(corners[k], corners[next]).map { $0 + t * ($1 - $0) })
      }
    }
    return Polygon(Self.distinct(result))
  }

  private static func distinct(_ corners: [[Double]]) -> [[Double]] {
    var result: [[Double]] = []
    for corner in corners where result.last.map({ distance($0, corner) > 1e-12 }) ?? true {
      result.append(corner)
    }
    if let first = result.first, let last = result.last, result.count > 1,
      distance(first, last) <= 1e-12
    {
      result.removeLast()
    }
    return result
  }

  /// Whether it is wider than rounding.
  private var isFat: Bool {
    guard corners.count > 2 else { return false }
    let longest = corners.indices.map { Self.distance(corners[$0], corners[0]) }.max() ?? 0
    return area > 1e-10 * max(longest, 1e-5)
  }

  private static func distance(_ a: [Double], _ b: [Double]) -> Double {
    let difference = zip(a, b).map { $0 - $1 }
    return scalarProduct(difference, difference).squareRoot()
  }
}
