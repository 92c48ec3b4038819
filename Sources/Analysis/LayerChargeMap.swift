import Atomistics

/// The mean charge of a species by layer and time, as in Fig. 5 of the paper:
///
///     q(l, b) = Σ_i Σ_t q_i(t) / Σ_i n_i ,   frames t of the time bin b in which atom i is in layer l
///
/// | symbol | name | unit |
/// |---|---|---|
/// | l | a layer: depths from `depth_A[l]` to `depth_A[l + 1]`, counted from the contact plane | Å |
/// | b | a time bin, with its mean time `times_ps` | ps |
/// | n_i | in how many frames of the bin atom i is in the layer | |
/// | q | `mean` | e |
/// | s.e. of q | `standardError` | e |
/// | q(l, b) − q(l, 0) | `change` | e |
/// | mean of q_i(t) − q_i(0) | `changeOfAtoms` | e |
/// | mean over all atoms of the species | `meanOfAll` | e |
///
/// Depths are those of `DepthProfile`: above 0 in the electrolyte, below 0 in the metal, moving with
/// the centre of mass; two contacts are laid on one another. Where the first frame does not have both
/// sides, heights above the plane of a and b take their place. A layer without atoms of the species
/// has no charge: it is nil, never 0.
///
/// There are two changes. `change` compares the layer with itself, whatever atoms are there;
/// `changeOfAtoms` compares each atom with itself in the first time bin, whatever layer it was in
/// then. Where no atom crosses the border of a layer they are the same. The charge that an atom
/// received as electrons is minus the change.
///
/// The error is that of the mean over atoms, each atom one value m_i for all its frames, since frames
/// that follow one another tell little new: √( N/(N − 1) Σ n_i² (m_i − q)² ) / Σ n_i for N atoms,
/// which is s/√N if all n_i are alike; nil for one atom.
///
/// Every frame is a time bin until there are `timeBins`. Then neighbours are merged two by two, and
/// each bin takes twice as many frames from there on. Sums are kept, not means, so that merging
/// changes none. Memory is bounded by bins and atoms, whatever the number of frames.
///
/// Source: Fang and Jena, PRX Energy 2, 043013 (2023), Fig. 5.
public struct LayerChargeMap: Sendable {
  /// A matrix with more rows shows nothing.
  public static let mostLayers = 10_000

  public let species: Element
  public let kind: ChargeKind
  public let layerThickness: Double
  /// How many there are at most.
  public let timeBins: Int

  private var frames = FrameSequence()
  private var atoms: [Int] = []
  private var depths: AtomDepths?
  private var bins: [TimeBin] = []
  private var framesPerBin = 1

  /// - Parameters:
  ///   - layerThickness: in Å.
  ///   - timeBins: how many time bins there are at most.
  /// - Throws: `AnalysisError.badParameter`.
  public init(
    _ species: Element, kind: ChargeKind, layerThickness: Double = 2, timeBins: Int = 100
  ) throws {
    guard layerThickness >= 0.1, layerThickness <= 1000 else {
      throw AnalysisError.badParameter(
        name: "the layer", value: "\(layerThickness) Å", expected: "a length from 0.1 to 1000 Å")
    }
    guard (2...10_000).contains(timeBins) else {
      throw AnalysisError.badParameter(
        name: "the number of time bins", value: "\(timeBins)", expected: "2 to 10000")
    }
    self.species = species
    self.kind = kind
    self.layerThickness = layerThickness
    self.timeBins = timeBins
  }

  /// Takes the next frame with a number for each of its atoms; only those of the species are looked
  /// at.
  ///
  /// - Throws: `AnalysisError`: what any `TrajectoryAnalysis` refuses, `.badCharges` for numbers that
  ///   are missing or not finite, and what finding the contact throws.
  public mutating func consume(_ frame: Frame, charges: [Double]) throws {
    let index = try frames.accept(frame)
    guard charges.count == frame.structure.count else {
      throw AnalysisError.badCharges(
        frame: index + 1,
        reason: "there are \(charges.count) charges for \(frame.structure.count) atoms")
    }
    if index == 0 {
      atoms = try AtomSelection.all.atoms(of: species, in: frame.structure)
      depths = try AtomDepths(orHeightsOf: atoms, in: frame.structure)
    }
    if let atom = atoms.first(where: { !charges[$0].isFinite }) {
      throw AnalysisError.badCharges(
        frame: index + 1,
        reason: "the charge of atom \(atom + 1) (\(species)) is not a finite number")
    }
    guard let places = try depths?.depths(in: frame) else { return }
    if index / framesPerBin >= timeBins { mergeBins() }
    if index / framesPerBin >= bins.count { bins.append(TimeBin(first: frame.time)) }
    // Atoms that are a million cells away have no number of a layer; `result` refuses them.
    let layers = places.map { max(-1e9, min(1e9, ($0 / layerThickness).rounded(.down))) }
    bins[bins.count - 1].add(frame.time, zip(layers, atoms.map { charges[$0] }))
  }

  private mutating func mergeBins() {
    bins = stride(from: 0, to: bins.count, by: 2).map { k in
      k + 1 < bins.count ? bins[k].merged(with: bins[k + 1]) : bins[k]
    }
    framesPerBin *= 2
  }

  /// - Throws: `AnalysisError.noFrames`, and `.badParameter` where layers are so thin, or atoms so far
  ///   apart, that there are more than `mostLayers`.
  public func result() throws -> LayerCharges {
    guard let depths, !bins.isEmpty else { throw AnalysisError.noFrames }
    let found = bins.flatMap(\.cells.keys)
    let (lowest, highest) = (found.min() ?? 0, found.max() ?? 0)
    guard highest - lowest < Self.mostLayers else {
      throw AnalysisError.badParameter(
        name: "the layer", value: "\(layerThickness) Å",
        expected: "a thickness that makes no more than \(Self.mostLayers) layers of the "
          + "\(Double(highest - lowest + 1) * layerThickness) Å between the outermost \(species)")
    }
    let byAtom = bins.map { $0.meanByAtom(count: atoms.count) }
    let rows = (lowest...highest).map { layer in bins.map { $0.cells[layer] } }
    let mean = rows.map { $0.map { $0?.mean } }
    return LayerCharges(
      title: kind.title(of: species), kind: kind.name, unit: kind.unit, species: species.symbol,
      atoms: atoms.count, contacts: depths.contacts, frames: frames.count,
      layerThickness_A: layerThickness,
      depth_A: (lowest...highest + 1).map { Double($0) * layerThickness },
      times_ps: bins.map { $0.timeSum / Double($0.frames) / 1000 },
      from_ps: bins.map { $0.first / 1000 }, to_ps: bins.map { $0.last / 1000 },
      framesInBin: bins.map(\.frames), mean: mean,
      standardError: rows.map { $0.map { $0?.standardError } },
      atomsCounted: rows.map { $0.map { $0?.samples.count ?? 0 } },
      change: mean.map { row in
        row.map { value in value.flatMap { value in row[0].map { value - $0 } } }
      },
      changeOfAtoms: rows.map { $0.map { $0?.change(since: byAtom[0]) } },
      meanOfAll: byAtom.map { $0.reduce(0, +) / Double(atoms.count) },
      changeErrorOfAll: byAtom.map { charges in
        WeightedMean(
          zip(charges, byAtom[0]).map { $0 - $1 }, weights: charges.map { _ in 1 }
        ).squaredError?.squareRoot()
      },
      layerAtoms: rows.map { row in
        Set(row.flatMap { $0.map { Array($0.samples.keys) } ?? [] }).count
      },
      warnings: depths.warning.map { [$0] } ?? [])
  }
}

/// What a stretch of time says of each layer.
private struct TimeBin: Sendable {
  let first: Double
  var last: Double
  var timeSum = 0.0
  var frames = 0
  var cells: [Int: LayerCell] = [:]

  init(first: Double) {
    self.first = first
    last = first
  }

  /// Takes a frame: the layer and the charge of each atom.
  mutating func add(_ time: Double, _ atoms: some Sequence<(Double, Double)>) {
    last = time
    timeSum += time
    frames += 1
    for (atom, (layer, charge)) in atoms.enumerated() {
      cells[Int(layer), default: LayerCell()].samples[atom, default: ChargeSum()]
        .add(ChargeSum(sum: charge, count: 1))
    }
  }

  func merged(with next: TimeBin) -> TimeBin {
    var both = self
    both.last = next.last
    both.timeSum += next.timeSum
    both.frames += next.frames
    for (layer, cell) in next.cells {
      for (atom, sample) in cell.samples {
        both.cells[layer, default: LayerCell()].samples[atom, default: ChargeSum()].add(sample)
      }
    }
    return both
  }

  /// The mean of each atom over the bin, whatever its layers.
  func meanByAtom(count: Int) -> [Double] {
    var sums = Array(repeating: ChargeSum(), count: count)
    for (_, cell) in cells.sorted(by: { $0.key < $1.key }) {
      for (atom, sample) in cell.samples { sums[atom].add(sample) }
    }
    return sums.map(\.mean)
  }
}

/// The charges of one atom, added up.
private struct ChargeSum: Sendable {
  var sum = 0.0
  var count = 0

  mutating func add(_ other: ChargeSum) {
    sum += other.sum
    count += other.count
  }

  var mean: Double { sum / Double(count) }
}

/// The atoms that were in one layer during one time bin.
private struct LayerCell: Sendable {
  var samples: [Int: ChargeSum] = [:]

  /// In the order of atoms, so that the same frames give the same bits.
  private var ordered: [(atom: Int, charge: ChargeSum)] {
    samples.sorted { $0.key < $1.key }.map { (atom: $0.key, charge: $0.value) }
  }

  private var count: Double { Double(samples.values.reduce(0) { $0 + $1.count }) }

  var mean: Double { ordered.reduce(0) { $0 + $1.charge.sum } / count }

  /// Between the atoms; nil for one.
  var standardError: Double? {
    guard samples.count > 1 else { return nil }
    let mean = mean
    let squares = ordered.reduce(0.0) { sum, item in
      let part = item.charge.sum - Double(item.charge.count) * mean
      return sum + part * part
    }
    let n = Double(samples.count)
    return (n / (n - 1) * squares).squareRoot() / count
  }

  func change(since first: [Double]) -> Double {
    ordered.reduce(0) { $0 + $1.charge.sum - Double($1.charge.count) * first[$1.atom] } / count
  }
}

/// Mean charges by layer and time; matrices have a row for each layer and a column for each time bin,
/// with nil where no atom of the species is.
public struct LayerCharges: Sendable, Codable, Hashable {
  /// What the numbers are, with the kind of charge.
  public let title: String
  public let kind: String
  /// Of `mean`, `standardError` and the changes: "e", or empty for a number.
  public let unit: String
  public let species: String
  public let atoms: Int
  /// How many contacts depths count from; nil where they are heights above the plane of a and b.
  public let contacts: Int?
  public let frames: Int
  public let layerThickness_A: Double
  /// The borders of the layers, one more than there are layers.
  public let depth_A: [Double]
  /// The mean time of each bin's frames.
  public let times_ps: [Double]
  /// The times of each bin's first and last frame.
  public let from_ps: [Double]
  public let to_ps: [Double]
  public let framesInBin: [Int]
  public let mean: [[Double?]]
  /// Nil for a single atom too.
  public let standardError: [[Double?]]
  /// How many different atoms were there.
  public let atomsCounted: [[Int]]
  /// Of the layer's mean since the first time bin; nil where the layer was empty then.
  public let change: [[Double?]]
  /// Of the atoms that are there, each since the first time bin.
  public let changeOfAtoms: [[Double?]]
  /// Of all atoms of the species, whatever their layers, in each time bin.
  public let meanOfAll: [Double]
  /// The standard error, between atoms, of the change of `meanOfAll` since the first time bin.
  public let changeErrorOfAll: [Double?]
  /// How many different atoms were in each layer over the whole trajectory.
  public let layerAtoms: [Int]
  public let warnings: [String]

  public var layers: Int { depth_A.count - 1 }
  /// What `depth_A` counts from.
  public var depthName: String {
    contacts == nil ? "height above the plane of a and b" : "depth from the contact plane"
  }
}
