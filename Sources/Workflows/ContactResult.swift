/// The contact that a study runs, and how it was chosen.
public struct ContactResult: Codable, Sendable {
  public let electrolyte: String
  public let electrolyteMiller: String
  public let metalMiller: String
  public let terminations: [String]
  public let area_A2: Double
  public let vonMisesStrain: Double
  /// Green-Lagrange strain of the metal in the plane: xx, yy, xy.
  public let strain: [Double]
  public let lengthMismatch: Double
  public let angleMismatch: Double
  /// The larger principal in-plane stress of the metal under that strain, its normal free (`ContactStress`).
  public let mismatchStress_GPa: Double
  /// Between the outermost planes as built.
  public let gap_A: Double
  /// The pair that sets the gap, and its distance.
  public let closestPair: String
  public let closestDistance_A: Double
  /// 60 % (or as set) of the van der Waals sum of that pair.
  public let requiredDistance_A: Double
  public let vacuum_A: Double?
  /// Heights of the contact planes.
  public let contactPlanes_A: [Double]
  public let atoms: Int
  public let metalAtoms: Int
  public let formulaUnits: Double
  public let polyanionLayers: Int
  public let clusters: [String]
  public let clusterBonds: [String: Int]
  /// How many contacts within the limits there were to choose from.
  public let candidates: Int
  public let relaxation: Relaxed

  /// The relaxation of the atoms before dynamics.
  public struct Relaxed: Codable, Sendable {
    public let steps: Int
    public let converged: Bool
    public let largestForce_eV_per_A: Double
    public let energyChange_eV: Double
    public let clusterBonds: [String: Int]
  }
}
