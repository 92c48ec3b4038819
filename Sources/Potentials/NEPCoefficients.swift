/// The expansion coefficients c_nk of every ordered pair of species and the range of the pair.
///
/// | symbol | name | shape |
/// |---|---|---|
/// | c^R | `radial` | pair, n, k padded to whole lanes |
/// | c^A | `angular` | pair, k, n padded to whole lanes |
/// | r_c | `cutoffs` | pair, radial and angular (Å) |
struct NEPCoefficients: Sendable {
  let speciesCount: Int
  let radial: FlatTable
  let radialStride: Int
  let angular: FlatTable
  let angularStride: Int
  let cutoffs: FlatTable
  private let radialCount: Int
  private let angularBasis: Int

  /// From the numbers as they stand in the file, the pair of species fastest.
  init(_ header: NEPHeader, numbers: UnsafePointer<Double>) {
    let types = header.species.count
    let pairs = types * types
    let (radialN, radialK) = (header.radialCount, header.radialBasis + 1)
    let (angularN, angularK) = (header.angularCount, header.angularBasis + 1)
    let kStride = padded(radialK)
    let nStride = padded(angularN)
    speciesCount = types
    radialCount = radialN
    angularBasis = angularK
    radialStride = radialN * kStride
    angularStride = angularK * nStride
    radial = FlatTable(count: pairs * radialN * kStride) { table in
      for n in 0..<radialN {
        for k in 0..<radialK {
          let from = numbers + (n * radialK + k) * pairs
          for pair in 0..<pairs { table[(pair * radialN + n) * kStride + k] = from[pair] }
        }
      }
    }
    let angularNumbers = numbers + radialN * radialK * pairs
    angular = FlatTable(count: pairs * angularK * nStride) { table in
      for n in 0..<angularN {
        for k in 0..<angularK {
          let from = angularNumbers + (n * angularK + k) * pairs
          for pair in 0..<pairs { table[(pair * angularK + k) * nStride + n] = from[pair] }
        }
      }
    }
    cutoffs = FlatTable(count: 2 * pairs) { table in
      for i in 0..<types {
        for j in 0..<types {
          let pair = 2 * (i * types + j)
          table[pair] = (header.radialCutoffs[i] + header.radialCutoffs[j]) / 2
          table[pair + 1] = (header.angularCutoffs[i] + header.angularCutoffs[j]) / 2
        }
      }
    }
  }

  /// c_nk of the radial part between a centre of species i and a neighbour of species j.
  func radialFactor(_ i: Int, _ j: Int, _ n: Int, _ k: Int) -> Double {
    let stride = radialStride / radialCount
    return radial.base[((i * speciesCount + j) * radialCount + n) * stride + k]
  }

  /// c_nk of the angular part.
  func angularFactor(_ i: Int, _ j: Int, _ n: Int, _ k: Int) -> Double {
    let stride = angularStride / angularBasis
    return angular.base[((i * speciesCount + j) * angularBasis + k) * stride + n]
  }

  /// The range of a pair in Å.
  func cutoff(_ i: Int, _ j: Int, angular: Bool) -> Double {
    cutoffs.base[2 * (i * speciesCount + j) + (angular ? 1 : 0)]
  }
}
