import Atomistics
import Foundation

/// Chooses the active environments by MaxVol: an environment takes the place of the row to which
/// its share is largest, if that share is above 1 + ε, and |det A| grows by that share.
///
/// Frames are offered one after the other, again and again until a whole pass exchanges nothing;
/// then no environment that was offered has a grade above 1 + ε. That comes to an end, since every
/// exchange multiplies |det A| by more than 1 + ε and |h_μ| ≤ 1 bounds it.
///
/// Source: Goreinov, Oseledets, Savostyanov, Tyrtyshnikov and Zamarashkin, How to find a good
/// submatrix, in Matrix Methods: Theory, Algorithms and Applications, p. 247 (2010), doi
/// 10.1142/9789812836021_0015.
public struct ActiveSetBuilder: Sendable {
  /// ε.
  public static let tolerance = 1e-3

  private struct Part {
    var rows: SquareMatrix
    var inverse: SquareMatrix
    var sources: [ActiveSet.Source?]
    var environments = 0
    var exchanges = 0
  }

  public let neurons: Int
  /// ln |det A| of each species, up to the logarithm of its start.
  public private(set) var logarithms: [Element: Double] = [:]
  private var parts: [Element: Part] = [:]

  public init(neurons: Int) {
    precondition(neurons >= 1, "at least one neuron")
    self.neurons = neurons
  }

  /// Offers the environments of a frame; `counting` in the first pass only.
  ///
  /// - Returns: how many of them took a row's place, and the largest grade met on the way.
  public mutating func offer(
    _ activations: [Double], species: [Element], frame: Int, counting: Bool
  ) -> (exchanges: Int, largestGrade: Double) {
    precondition(activations.count == neurons * species.count, "a row per atom")
    var exchanges = 0
    var largest = 0.0
    for (atom, element) in species.enumerated() {
      var part = parts.removeValue(forKey: element) ?? start()
      if counting { part.environments += 1 }
      let h = activations[(atom * neurons)..<((atom + 1) * neurons)]
      let shares = part.inverse.shares(of: h)
      let k = shares.indices.max { abs(shares[$0]) < abs(shares[$1]) }!
      let grade = abs(shares[k])
      largest = max(largest, grade)
      if grade > 1 + Self.tolerance {
        put(h, .init(frame: frame, atom: atom), at: k, shares, into: &part)
        logarithms[element, default: 0] += log(grade)
        exchanges += 1
      }
      parts[element] = part
    }
    return (exchanges, largest)
  }

  private func start() -> Part {
    Part(
      rows: SquareMatrix(neurons, diagonal: ActiveSet.floor),
      inverse: SquareMatrix(neurons, diagonal: 1 / ActiveSet.floor),
      sources: Array(repeating: nil, count: neurons))
  }

  private func put(
    _ h: ArraySlice<Double>, _ source: ActiveSet.Source, at k: Int, _ shares: [Double],
    into part: inout Part
  ) {
    for (m, value) in h.enumerated() { part.rows[k, m] = value }
    part.sources[k] = source
    part.exchanges += 1
    part.inverse.exchange(row: k, shares: shares)
    // Rounding gathers in the updates.
    if part.exchanges.isMultiple(of: 50), let exact = part.rows.inverse() {
      part.inverse = exact
    }
  }

  /// The set as it is now.
  public func activeSet() -> ActiveSet {
    ActiveSet(
      neurons: neurons,
      parts: parts.compactMapValues {
        ActiveSet.Part(rows: $0.rows, sources: $0.sources, environments: $0.environments)
      })
  }
}
