import Atomistics

/// Forces of n atoms beside their labels, summed up.
///
/// | name | what | unit |
/// |---|---|---|
/// | `both`, `found`, `labels` | Σ F·F_label, Σ F², Σ F_label² | eV²/Å² |
/// | `rms` | √(Σ abs(F − F_label)²/3n) | eV/Å |
/// | `labelRMS` | √(Σ F_label²/3n) | eV/Å |
/// | `slope`, `correlation` | as `ForceSlope` has them; nil where they divide by zero | - |
struct ForceProducts: Sendable, Codable, Hashable {
  private(set) var atoms = 0
  private(set) var both = 0.0
  private(set) var found = 0.0
  private(set) var labels = 0.0
  private var squares = 0.0

  init(_ parts: [ForceProducts]) {
    for part in parts {
      atoms += part.atoms
      both += part.both
      found += part.found
      labels += part.labels
      squares += part.squares
    }
  }

  /// Of all atoms, or of those of one element.
  init(_ frame: FrameDeviation, of element: Element? = nil) {
    for (k, label) in frame.labelForces.enumerated()
    where element == nil || frame.species[k] == element {
      let force = frame.foundForces[k]
      let off = force - label
      atoms += 1
      both += force.dot(label)
      found += force.dot(force)
      labels += label.dot(label)
      squares += off.dot(off)
    }
  }

  var rms: Double { (squares / Double(3 * atoms)).squareRoot() }
  var labelRMS: Double { (labels / Double(3 * atoms)).squareRoot() }
  var slope: Double? { labels > 0 ? both / labels : nil }
  var correlation: Double? { labels > 0 && found > 0 ? both / (found * labels).squareRoot() : nil }
}
