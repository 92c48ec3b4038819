import Atomistics

/// The partners of several kinds around the centres of one: a `RadialEnvironment` each, from one
/// pass over a trajectory.
///
/// A kind of partner that the first frame does not hold has density 0 at all radii: LiCl has no S, and
/// that tells it from others. A centre that it does not hold is an error.
public struct Surroundings: Sendable {
  private let pairs: [[Element?]]
  private let normalization: RadialNormalization?
  private let selection: AtomSelection
  private let maximumRadius: Double
  private let binWidth: Double
  private var frames = 0
  private var centers = 0
  /// Nil for a partner that is absent.
  private var analyses: [RadialDistributionFunction?] = []
  /// What the densities are over: as told, or as suits the first frame.
  public private(set) var chosenNormalization = RadialNormalization.cell

  /// - Parameters:
  ///   - partners: nil stands for any element.
  ///   - normalization: nil for what suits the first frame.
  ///   - centers: which of the centres.
  public init(
    of center: Element?, partners: [Element?], maximumRadius: Double, binWidth: Double = 0.05,
    normalization: RadialNormalization? = nil, centers: AtomSelection = .all
  ) {
    pairs = partners.map { [center, $0] }
    self.normalization = normalization
    self.maximumRadius = maximumRadius
    self.binWidth = binWidth
    selection = centers
  }

  /// Takes the next frame.
  ///
  /// - Throws: `AnalysisError`.
  public mutating func consume(_ frame: Frame) throws {
    if frames == 0 {
      let structure = frame.structure
      chosenNormalization = normalization ?? .suited(to: structure)
      centers = try selection.atoms(of: pairs[0][0], in: structure).count
      analyses = try pairs.map { pair in
        if let partner = pair[1], !structure.species.contains(partner) { return nil }
        return try RadialDistributionFunction(
          pair[0], pair[1], maximumRadius: maximumRadius, binWidth: binWidth,
          normalization: chosenNormalization, centers: selection)
      }
    }
    frames += 1
    for index in analyses.indices { try analyses[index]?.consume(frame) }
  }

  /// One a partner.
  ///
  /// - Throws: `AnalysisError.noFrames`, and what `RadialDistributionFunction.environment` throws.
  public func environments() throws -> [RadialEnvironment] {
    guard frames > 0 else { throw AnalysisError.noFrames }
    return try zip(pairs, analyses).map { pair, analysis in
      try analysis?.environment() ?? empty(pair)
    }
  }

  private func empty(_ pair: [Element?]) -> RadialEnvironment {
    let sizes = RadialDistributionFunction.sizes(RadialDistributionFunction.groups(of: centers))
    let bins = RadialDistributionFunction.bins(to: maximumRadius, width: binWidth)
    return RadialEnvironment(
      pair: pair.map { $0?.symbol ?? "any" },
      r_A: (0..<bins).map { (Double($0) + 0.5) * binWidth }, binWidth_A: binWidth,
      sizes: sizes, densities: sizes.map { _ in Array(repeating: 0, count: bins) })
  }
}
