import Atomistics

/// The area over which bonds are counted: what the cell's face holds, times the contacts in it.
public struct ContactArea: Sendable, Codable, Hashable {
  /// The area of the cell parallel to the contact, in Å².
  public let cellArea: Double
  /// How many contacts the cell holds: 1 with a vacuum, 2 in a periodic double contact.
  public let contacts: Int

  public init(cellArea: Double, contacts: Int) {
    precondition(cellArea > 0 && contacts > 0, "a contact has an area")
    self.cellArea = cellArea
    self.contacts = contacts
  }

  /// The area of all contacts in nm².
  public var total_nm2: Double { cellArea * Double(contacts) / 100 }
}

/// One bond that broke or was made, dated to the frame in which it first was so.
public struct BondEvent: Sendable, Codable, Hashable {
  public enum Kind: String, Sendable, Codable {
    /// A bond of the first frame is gone.
    case broken
    /// A bond of the first frame is back.
    case reformed
    /// The centre has a ligand atom that it was not bonded to in the first frame.
    case gained
    /// Such a ligand has left again.
    case lost
  }

  public let kind: Kind
  /// The frame, from 0.
  public let frame: Int
  public let time_ps: Double
  /// The atoms of the bond, from 0.
  public let center: Int
  public let ligand: Int
}

/// Intact bonds of one layer of clusters; the layer next to the contact is 0, -1 is none.
public struct LayerSurvival: Sendable, Codable, Hashable {
  public let layer: Int
  public let referenceBonds: Int
  public let referenceClusters: Int
  public let intactFraction: [Double]
  /// The fraction of the layer's clusters that have all their bonds.
  public let wholeFraction: [Double]
}

/// What became of the bonds of the first frame; every series has one value a frame.
///
/// | name | meaning | unit |
/// |---|---|---|
/// | `intactFraction` | bonds of the first frame that are intact | 1 |
/// | `brokenBonds` | bonds of the first frame that are not | count |
/// | `exchangedBonds` | of the broken ones, those whose centre has another ligand in their place | count |
/// | `clustersWhole`, `clustersLostOne`, `clustersLostMore` | centres by the bonds they lost | count |
/// | `reactedLayers` | Σ over layers of 1 − `wholeFraction`: the reacted depth in layers | layers |
/// | `clusters` | losses that stand at the end, centre by centre | |
/// | `brokenBonds_per_nm2` | broken bonds over the area of all contacts | nm⁻² |
/// | `pairsWithinCutoff` | plain count of pairs nearer than `pairCutoff_A`: a different number | count |
public struct BondSurvival: Sendable, Codable {
  public let pair: [String]
  public let innerCutoff_A: Double
  public let outerCutoff_A: Double
  public let minimumLifetime_ps: Double
  public let times_ps: [Double]
  public let referenceBonds: Int
  public let referenceClusters: Int
  public let intactFraction: [Double]
  public let brokenBonds: [Int]
  public let exchangedBonds: [Int]
  public let clustersWhole: [Int]
  public let clustersLostOne: [Int]
  public let clustersLostMore: [Int]
  /// By layer, ascending; nil where the first frame has no layers.
  public let layers: [LayerSurvival]?
  public let reactedLayers: [Double]?
  /// Nil where no area was given.
  public let brokenBonds_per_nm2: [Double]?
  /// One a centre of the first frame, ascending.
  public let clusters: [ClusterSurvival]
  public let pairCutoff_A: Double
  public let pairsWithinCutoff: [Int]
  /// Bonds beyond the outer cut-off at the end, too shortly to be told: they count as intact.
  public let undecidedAtEnd: Int
  public let events: [BondEvent]
  public let warnings: [String]
}
