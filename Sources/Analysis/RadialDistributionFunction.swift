import Atomistics

/// The partial radial distribution function of two species, averaged over frames:
///
///     g_AB(r) = ⟨pairs A-B in [r, r + Δr)⟩ / ⟨pairs there, were the partners spread evenly⟩
///
/// | symbol | name | unit |
/// |---|---|---|
/// | r | `r_A`, the middle of each bin | Å |
/// | g | `g` | 1 |
/// | n(r) | `coordination`, partners of a centre nearer than the bin's upper edge | count |
/// | 4πr²ρg | `radialDensity_per_A`, partners of a centre per Å of radius; needs no volume | Å⁻¹ |
///
/// What "evenly" means is the `RadialNormalization`. A centre that is also a partner is not its own
/// partner: with A = B there are N − 1 of them, so that g of an ideal gas is 1 however few the
/// atoms. Beyond half the cell pairs with images count, an atom's own images among them; these are
/// expected outside a sphere as large as the cell (or as the cell is high, if that is less), since
/// none can be nearer. Pairs within one cluster are not left out.
public struct RadialDistributionFunction: TrajectoryAnalysis {
  /// Nil stands for any element.
  public let center: Element?
  public let partner: Element?
  public let maximumRadius: Double
  public let binWidth: Double
  public let normalization: RadialNormalization
  public let centers: AtomSelection
  public let partners: AtomSelection

  /// Beyond so many centres those that follow one another share a group.
  static let mostGroups = 256

  private var frames = FrameSequence()
  private var centerAtoms: [Int] = []
  private var partnerAtoms: [Int] = []
  /// Both together, ascending, with what each of them is.
  private var chosen: [Int] = []
  private var isCenter: [Bool] = []
  private var isPartner: [Bool] = []
  private var periodic = [true, true, true]
  private var smallestCell = Double.infinity
  private var extent = SlabExtent()
  /// Of each centre the group in which its pairs are counted.
  private var groups: [Int] = []
  /// Pairs by group and bin.
  private var observed: [Int] = []
  private let bins: Int

  /// - Parameters:
  ///   - maximumRadius: in Å, rounded up to whole bins; may be beyond half the cell.
  /// - Throws: `AnalysisError.badParameter`.
  public init(
    _ center: Element?, _ partner: Element?, maximumRadius: Double = 10, binWidth: Double = 0.05,
    normalization: RadialNormalization = .cell, centers: AtomSelection = .all,
    partners: AtomSelection = .all
  ) throws {
    guard maximumRadius > 0, maximumRadius <= 100 else {
      throw AnalysisError.badParameter(
        name: "the largest radius", value: "\(maximumRadius) Å",
        expected: "a length above 0 and up to 100 Å")
    }
    guard binWidth >= 1e-3, binWidth <= maximumRadius else {
      throw AnalysisError.badParameter(
        name: "the bin", value: "\(binWidth) Å",
        expected: "a length from 0.001 Å to the largest radius, \(maximumRadius) Å")
    }
    self.center = center
    self.partner = partner
    self.binWidth = binWidth
    bins = Self.bins(to: maximumRadius, width: binWidth)
    self.maximumRadius = Double(bins) * binWidth
    self.normalization = normalization
    self.centers = centers
    self.partners = partners
  }

  public mutating func consume(_ frame: Frame) throws {
    let index = try frames.accept(frame)
    if index == 0 { try chooseAtoms(frame.structure) }
    let structure = frame.structure
    extent.add(
      structure, centers: centerAtoms, partners: partnerAtoms, measures: normalization == .slab)
    smallestCell = min(smallestCell, Self.ownImageRadius(structure))
    if let search = PairSearch(structure, range: maximumRadius, partners: partnerAtoms) {
      countPairs(search, structure)
    } else {
      countPairs(structure.selecting(chosen))
    }
  }

  private mutating func countPairs(_ search: PairSearch, _ structure: Structure) {
    let (width, bins) = (binWidth, bins)
    observed.withUnsafeMutableBufferPointer { observed in
      for (center, group) in zip(centerAtoms, groups) {
        search.forEach(around: structure.positions[center], except: center) { _, distance in
          let bin = Int(distance / width)
          if bin < bins { observed[group * bins + bin] += 1 }
        }
      }
    }
  }

  private mutating func countPairs(_ structure: Structure) {
    let list = NeighborList(structure, cutoff: maximumRadius)
    for (i, group) in zip(isCenter.indices.filter { isCenter[$0] }, groups) {
      for pair in list.pairs(of: i) where isPartner[Int(list.neighbors[pair])] {
        let distance = list.vector(pair, from: i, in: structure).length
        let bin = Int(distance / binWidth)
        if bin < bins { observed[group * bins + bin] += 1 }
      }
    }
  }

  private mutating func chooseAtoms(_ structure: Structure) throws {
    periodic = structure.periodic
    let needed = normalization == .cell ? 3 : 2
    guard periodic.prefix(needed).allSatisfy({ $0 }) else {
      throw AnalysisError.openDirections(
        "the structure does not repeat along all of its first \(needed) axes, as g(r) over the "
          + "\(normalization.rawValue) needs; "
          + (needed == 3 && periodic[0] && periodic[1]
            ? "normalise over the slab" : "give a structure that is periodic there"))
    }
    centerAtoms = try centers.atoms(of: center, in: structure)
    partnerAtoms = try partners.atoms(of: partner, in: structure)
    let centerSet = Set(centerAtoms)
    let partnerSet = Set(partnerAtoms)
    chosen = centerSet.union(partnerSet).sorted()
    isCenter = chosen.map(centerSet.contains)
    isPartner = chosen.map(partnerSet.contains)
    groups = Self.groups(of: centerAtoms.count)
    observed = Array(repeating: 0, count: ((groups.last ?? 0) + 1) * bins)
  }

  /// How many whole bins reach a radius.
  static func bins(to radius: Double, width: Double) -> Int {
    Int((radius / width - 1e-9).rounded(.up))
  }

  /// Of each of so many centres the group in which its pairs are counted.
  static func groups(of centers: Int) -> [Int] {
    let count = min(centers, mostGroups)
    return (0..<centers).map { $0 * count / centers }
  }

  /// The radius beyond which an atom's own images are expected.
  private static func ownImageRadius(_ structure: Structure) -> Double {
    let heights = structure.lattice.heights
    let least = (0..<3).filter { structure.periodic[$0] }.map { heights[$0] }.min() ?? .infinity
    return min(least, exponential(naturalLogarithm(3 * structure.volume / (4 * .pi)) / 3))
  }

  /// - Throws: `AnalysisError.noFrames`; `.noCommonVolume` where slabs of centres and partners lie
  ///   apart, or are flat, so that even density means nothing.
  public func result() throws -> RadialDistribution {
    guard frames.count > 0 else { throw AnalysisError.noFrames }
    let density = extent.density(normalization, periodic: periodic[2])
    if case .slab(let slab) = density.shape, slab.partnerThickness < binWidth {
      throw AnalysisError.noCommonVolume(
        "the \(name(partner)) atoms lie in one plane, so they fill no slab; normalise over the cell"
      )
    }
    let same = zip(isCenter, isPartner).filter { $0 && $1 }.count
    let pairs = Double(centerAtoms.count * partnerAtoms.count - same)
    let observed = observedOfAll
    let g = try observed.indices.map { bin in
      let (low, high) = (Double(bin) * binWidth, Double(bin + 1) * binWidth)
      let own = Double(same) * density.expected(max(low, smallestCell), high)
      let expected = (pairs * density.expected(low, high) + own) * Double(frames.count)
      guard observed[bin] > 0 else { return 0.0 }
      guard expected > 0 else {
        throw AnalysisError.noCommonVolume(
          "\(name(center)) and \(name(partner)) atoms are nearer to one another than the slabs they "
            + "fill: g(r) has no meaning there; choose partners from the whole contact")
      }
      return Double(observed[bin]) / expected
    }
    return distribution(g, density)
  }

  /// The partners around the centres as densities, kept apart by centre.
  ///
  /// - Throws: what `result` throws.
  public func environment() throws -> RadialEnvironment {
    let distribution = try result()
    let density = extent.density(normalization, periodic: periodic[2])
    let shells = (0..<bins).map { bin in
      density.volume(Double(bin) * binWidth, Double(bin + 1) * binWidth)
    }
    let sizes = Self.sizes(groups)
    let rows = sizes.enumerated().map { group, size in
      shells.enumerated().map { bin, volume in
        let pairs = Double(observed[group * bins + bin])
        return volume > 0 ? pairs / (Double(frames.count * size) * volume) : 0
      }
    }
    return RadialEnvironment(
      pair: distribution.pair, r_A: distribution.r_A, binWidth_A: binWidth,
      sizes: sizes, densities: rows)
  }

  /// How many centres each group holds.
  static func sizes(_ groups: [Int]) -> [Int] {
    var sizes = Array(repeating: 0, count: (groups.last ?? -1) + 1)
    for group in groups { sizes[group] += 1 }
    return sizes
  }

  private var observedOfAll: [Int] {
    (0..<bins).map { bin in
      stride(from: bin, to: observed.count, by: bins).reduce(0) { $0 + observed[$1] }
    }
  }

  private func distribution(_ g: [Double], _ density: EvenDensity) -> RadialDistribution {
    let observed = observedOfAll
    let perCenter = observed.map { Double($0) / Double(frames.count * centerAtoms.count) }
    var sum = 0.0
    let coordination = perCenter.map { value in
      sum += value
      return sum
    }
    var thickness: Double?
    if case .slab(let slab) = density.shape { thickness = slab.partnerThickness }
    return RadialDistribution(
      pair: [name(center), name(partner)],
      r_A: observed.indices.map { (Double($0) + 0.5) * binWidth },
      g: g, normalisation: normalization.name, binWidth_A: binWidth, coordination: coordination,
      radialDensity_per_A: perCenter.map { $0 / binWidth }, frames: frames.count,
      centers: centerAtoms.count, partners: partnerAtoms.count, centerSelection: centers.name,
      partnerSelection: partners.name, partnerThickness_A: thickness)
  }

  private func name(_ element: Element?) -> String { element?.symbol ?? "any" }
}
