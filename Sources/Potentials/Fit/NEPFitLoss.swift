/// What a fit makes small, over batches of B frames of N_f atoms:
///
///     L = Σ_f w_f { λ_E (ΔE_f/N_f)²/B + λ_F Σ_i |Δ**F**_i|²/(3 Σ_f w_f N_f) + λ_V Σ_6 (ΔX/N_f)²/(6 B) }
///
/// with energies in eV, forces in eV/Å and X = V σ in eV.
public struct NEPFitLoss: Sendable, Hashable, Codable {
  public var energy: Double
  public var force: Double
  public var virial: Double

  public init(energy: Double, force: Double, virial: Double) {
    self.energy = energy
    self.force = force
    self.virial = virial
  }
}

/// Root mean square errors over frames: energy and virial per atom (eV), force per component (eV/Å).
public struct NEPFitErrors: Sendable, Hashable, Codable {
  public var energy: Double { (energySquares / Double(max(frames, 1))).squareRoot() }
  public var force: Double { (forceSquares / Double(max(components, 1))).squareRoot() }
  /// nil where no frame has a virial.
  public var virial: Double? {
    virials > 0 ? (virialSquares / Double(6 * virials)).squareRoot() : nil
  }

  var energySquares = 0.0
  var forceSquares = 0.0
  var virialSquares = 0.0
  var frames = 0
  var components = 0
  var virials = 0

  mutating func add(_ other: NEPFitErrors) {
    energySquares += other.energySquares
    forceSquares += other.forceSquares
    virialSquares += other.virialSquares
    frames += other.frames
    components += other.components
    virials += other.virials
  }
}
