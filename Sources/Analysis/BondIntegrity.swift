import Atomistics

/// Follows the bonds of the first frame: which are intact, broken, exchanged, when and where.
///
/// Bonds of the first frame are the centre-ligand pairs nearer than the inner cut-off. With d(t)
/// the shortest distance of the pair over the images of the cell in each frame,
///
///     intact → broken   when d > outer cut-off in every frame for at least the minimum lifetime,
///                       dated to the first of these frames;
///     broken → intact   when d < inner cut-off, dated to that frame.
///
/// Between the cut-offs a bond stays what it was, so that a vibration breaks nothing. Dating back
/// needs frames that come later: a bond that is beyond the outer cut-off when the trajectory ends,
/// for less than the lifetime, counts as intact and is told as undecided. Where frames are further
/// apart than the lifetime, a break takes two frames.
///
/// Ligand atoms that a centre did not have in the first frame are followed by the same rule. Of a
/// centre's k broken bonds min(k, such ligands) count as exchanged: the centre holds another atom
/// of the same element in their place.
///
/// The default lifetime, 0.2 ps, is about four periods of a P-S stretch (near 600 cm⁻¹, 56 fs) and
/// shorter than any exchange of ligands.
public struct BondIntegrity: TrajectoryAnalysis {
  public let center: Element
  public let ligand: Element
  public let innerCutoff: Double
  public let outerCutoff: Double
  /// In fs.
  public let minimumLifetime: Double
  /// The one cut-off of the plain pair count, in Å.
  public let pairCutoff: Double
  public let contact: ContactArea?
  let ligandCount: Int?

  private(set) var frames = FrameSequence()
  private(set) var events: [BondEvent] = []
  private(set) var pairCounts: [Int] = []
  /// The bonds of the first frame, then those that were gained, in the order they appeared.
  private(set) var bonds: [FollowedBond] = []
  private(set) var layers: [Int]?
  private var bondIndex: [SIMD2<Int32>: Int] = [:]
  private var centers: [Int] = []
  private var ligands: [Int] = []

  /// Follows the bonds of a cluster.
  public init(
    _ cluster: Cluster, minimumLifetime: Double = 200, pairCutoff: Double? = nil,
    contact: ContactArea? = nil
  ) throws {
    try self.init(
      center: cluster.center, ligand: cluster.ligand, innerCutoff: cluster.innerCutoff,
      outerCutoff: cluster.outerCutoff, minimumLifetime: minimumLifetime, pairCutoff: pairCutoff,
      contact: contact, ligandCount: cluster.ligandCount)
  }

  /// Follows the bonds between two different elements.
  ///
  /// - Parameters:
  ///   - minimumLifetime: in fs; 0 breaks a bond in the first frame beyond the outer cut-off.
  ///   - pairCutoff: of the plain count in Å; the inner cut-off where none is given.
  ///   - ligandCount: the ligands of a whole cluster, to warn where the first frame has others.
  /// - Throws: `AnalysisError.badParameter`.
  public init(
    center: Element, ligand: Element, innerCutoff: Double, outerCutoff: Double,
    minimumLifetime: Double = 200, pairCutoff: Double? = nil, contact: ContactArea? = nil,
    ligandCount: Int? = nil
  ) throws {
    func check(_ name: String, _ value: Double, _ valid: Bool, _ expected: String) throws {
      guard valid else {
        throw AnalysisError.badParameter(name: name, value: "\(value)", expected: expected)
      }
    }
    guard center != ligand else {
      throw AnalysisError.badParameter(
        name: "the pair", value: "\(center)-\(ligand)", expected: "two different elements")
    }
    let plain = pairCutoff ?? innerCutoff
    try check(
      "the inner cut-off", innerCutoff, innerCutoff > 0 && innerCutoff <= 20,
      "a length above 0 and up to 20 Å")
    try check(
      "the outer cut-off", outerCutoff, outerCutoff >= innerCutoff && outerCutoff <= 20,
      "a length from the inner cut-off, \(innerCutoff) Å, to 20 Å")
    try check(
      "the plain cut-off", plain, plain > 0 && plain <= 20, "a length above 0 and up to 20 Å")
    try check(
      "the minimum lifetime", minimumLifetime, minimumLifetime >= 0 && minimumLifetime.isFinite,
      "a time of 0 fs or more")
    self.center = center
    self.ligand = ligand
    self.innerCutoff = innerCutoff
    self.outerCutoff = outerCutoff
    self.minimumLifetime = minimumLifetime
    self.pairCutoff = plain
    self.contact = contact
    self.ligandCount = ligandCount
  }

  public mutating func consume(_ frame: Frame) throws {
    let index = try frames.accept(frame)
    let structure = frame.structure
    if index == 0 { try chooseAtoms(structure) }
    try findPairs(structure, frame: index)
    guard index > 0 else { return }
    let images = MinimumImage(structure, range: outerCutoff)
    for k in bonds.indices {
      let bond = bonds[k]
      let distance = images.shortest(
        structure.positions[bond.ligand] - structure.positions[bond.center]
      ).length
      if let change = bonds[k].update(
        distance: distance, frame: index, inner: innerCutoff, outer: outerCutoff,
        isLongEnough: { frames.times[index] - frames.times[$0] >= minimumLifetime - 1e-3 })
      {
        record(change, of: bonds[k])
      }
    }
  }

  private mutating func chooseAtoms(_ structure: Structure) throws {
    centers = try AtomSelection.all.atoms(of: center, in: structure)
    ligands = try AtomSelection.all.atoms(of: ligand, in: structure)
    layers = structure.layers
  }

  /// Counts the pairs within the plain cut-off, and finds bonds that are not followed yet.
  private mutating func findPairs(_ structure: Structure, frame: Int) throws {
    let range = max(innerCutoff, pairCutoff)
    if let search = PairSearch(structure, range: range, partners: ligands), search.findsOneImage {
      findPairs(search, structure, frame: frame)
    } else {
      try findPairsInSmallCell(structure, range: range, frame: frame)
    }
    if frame == 0 && bonds.isEmpty {
      throw AnalysisError.noReferenceBonds(pair: "\(center)-\(ligand)", cutoff: innerCutoff)
    }
  }

  private mutating func findPairs(_ search: PairSearch, _ structure: Structure, frame: Int) {
    var count = 0
    var found: [(center: Int, ligand: Int)] = []
    for center in centers {
      search.forEach(around: structure.positions[center], except: center) { k, distance in
        if distance < pairCutoff { count += 1 }
        if distance < innerCutoff { found.append((center, ligands[k])) }
      }
    }
    pairCounts.append(count)
    for pair in found { follow(center: pair.center, ligand: pair.ligand, frame: frame) }
  }

  private mutating func findPairsInSmallCell(
    _ structure: Structure, range: Double, frame: Int
  ) throws {
    let chosen = structure.selecting(centers + ligands)
    let list = NeighborList(chosen, cutoff: range)
    var count = 0
    for i in centers.indices {
      var partners: Set<Int> = []
      for pair in list.pairs(of: i) where Int(list.neighbors[pair]) >= centers.count {
        let distance = list.vector(pair, from: i, in: chosen).length
        if distance < pairCutoff { count += 1 }
        guard distance < innerCutoff else { continue }
        let atom = ligands[Int(list.neighbors[pair]) - centers.count]
        guard partners.insert(atom).inserted else {
          throw AnalysisError.cellTooSmall(center: centers[i] + 1, ligand: atom + 1)
        }
        follow(center: centers[i], ligand: atom, frame: frame)
      }
    }
    pairCounts.append(count)
  }

  private mutating func follow(center: Int, ligand: Int, frame: Int) {
    let key = SIMD2(Int32(center), Int32(ligand))
    guard bondIndex[key] == nil else { return }
    bondIndex[key] = bonds.count
    let bond = FollowedBond(center: center, ligand: ligand, isReference: frame == 0)
    bonds.append(bond)
    if frame > 0 { record(.made(frame: frame), of: bond) }
  }

  private mutating func record(_ change: FollowedBond.Change, of bond: FollowedBond) {
    let (kind, frame): (BondEvent.Kind, Int) =
      switch change {
      case .gone(let frame): (bond.isReference ? .broken : .lost, frame)
      case .made(let frame): (bond.isReference ? .reformed : .gained, frame)
      }
    events.append(
      BondEvent(
        kind: kind, frame: frame, time_ps: frames.times[frame] / 1000, center: bond.center,
        ligand: bond.ligand))
  }
}
