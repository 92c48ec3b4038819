import Atomistics
import Foundation

/// Densities whose basins are known.
enum AnalyticDensity {
  /// The values of a function of place on a grid.
  static func grid(
    _ structure: Structure, _ counts: SIMD3<Int>, fastestAxis: VolumetricGrid.FastestAxis = .c,
    _ density: (Vector3) -> Double
  ) -> VolumetricGrid {
    let points = counts.x * counts.y * counts.z
    let empty = VolumetricGrid(
      structure: structure, counts: counts, fastestAxis: fastestAxis,
      values: Array(repeating: 0, count: points))
    return VolumetricGrid(
      structure: structure, counts: counts, fastestAxis: fastestAxis,
      values: (0..<points).map { density(empty.position(of: $0)) })
  }

  /// ∑ q exp(−α r²) over atoms and their images.
  static func gaussians(
    _ lattice: Lattice, _ centers: [(at: Vector3, height: Double, alpha: Double)]
  ) -> (Vector3) -> Double {
    let range = -2...2
    let shifts = range.flatMap { a in
      range.flatMap { b in
        range.map { c in lattice.cartesian(Vector3(Double(a), Double(b), Double(c))) }
      }
    }
    return { r in
      var sum = 0.0
      for center in centers {
        for shift in shifts {
          let exponent = center.alpha * (r - center.at - shift).lengthSquared
          if exponent < 40 { sum += center.height * exp(-exponent) }
        }
      }
      return sum
    }
  }

  /// ρ = 4 + f(x) + g(y) + g(z) with period 1 along each, f = cos 2πx + 0.8 cos(4πx + 0.7) and
  /// g = 0.6 cos 2πy.
  ///
  /// Its gradient along x depends on x alone, so the basins are the boxes between the minima of f, of
  /// which there are two, and one of g.
  struct Boxes {
    /// Of f, ascending, in [0, 1).
    let minima: [Double]
    let maxima: [Double]

    private static let tau = 2 * Double.pi

    static func f(_ x: Double) -> Double {
      let (first, second) = (cos(tau * x), cos(2 * tau * x + 0.7))
      return first + 0.8 * second
    }

    init() {
      func slope(_ x: Double) -> Double {
        let (first, second) = (sin(Self.tau * x), sin(2 * Self.tau * x + 0.7))
        return -Self.tau * (first + 1.6 * second)
      }
      var minima: [Double] = []
      var maxima: [Double] = []
      for k in 0..<1000 {
        var (low, high) = (Double(k) / 1000, Double(k + 1) / 1000)
        guard slope(low) * slope(high) < 0 else { continue }
        let rises = slope(low) < 0
        for _ in 0..<60 {
          let middle = 0.5 * (low + high)
          if (slope(middle) < 0) == rises { low = middle } else { high = middle }
        }
        if rises { minima.append(low) } else { maxima.append(low) }
      }
      self.minima = minima
      self.maxima = maxima
    }

    func density(_ edge: Double, shift: Vector3) -> (Vector3) -> Double {
      { r in
        let s = (r - shift) / edge
        let across: Double = cos(Self.tau * s.y) + cos(Self.tau * s.z)
        return 4 + Self.f(s.x) + 0.6 * across
      }
    }

    /// Electrons and volume of the basin around each maximum; the integrals of g are 0.
    func basins(_ edge: Double) -> [(electrons: Double, volume: Double)] {
      maxima.map { top in
        let low = minima.last { $0 < top } ?? (minima[minima.count - 1] - 1)
        let high = minima.first { $0 > top } ?? (minima[0] + 1)
        func integral(_ x: Double) -> Double {
          let (first, second) = (sin(Self.tau * x), sin(2 * Self.tau * x + 0.7))
          return 4 * x + (first + 0.4 * second) / Self.tau
        }
        let volume = edge * edge * edge
        return (volume * (integral(high) - integral(low)), volume * (high - low))
      }
    }

    func structure(_ lattice: Lattice, edge: Double, shift: Vector3) -> Structure {
      Structure(
        lattice: lattice, species: maxima.indices.map { Element($0 == 0 ? "Li" : "Cl")! },
        positions: maxima.map { Vector3(edge * $0, 0, 0) + shift })
    }
  }
}
