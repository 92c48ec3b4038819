import Atomistics

/// Where the atoms of a species are, counted from the contact plane, and how deep those of one side
/// went into the other:
///
///     ρ(d; w) = ⟨ atoms with depth in [d, d + Δd) ⟩ over the frames of window w / (n A Δd)
///
/// | symbol | name | unit |
/// |---|---|---|
/// | d | `depth_A`, the middle of each bin: above 0 in the electrolyte, below 0 in the metal | Å |
/// | ρ | `density_per_nm3` | nm⁻³ |
/// | A, n | area of the cell in the plane of a and b, number of contacts | Å² |
///
/// The contact plane lies half way between the outermost atoms of both sides in the first frame,
/// whose regions say which atom is of which side. It stays where it is relative to the centre of
/// mass of all atoms. In a periodic stack with two contacts an atom counts from the nearer one, and
/// both go into one profile. Atoms are unwrapped, so that one that crosses a vacuum goes on outwards
/// (`VacuumCrossings` tells of it).
///
/// Of the atoms of the species that came from the metal, those that are beyond the plane in a frame
/// are counted, with quantiles of their depth; likewise those from the electrolyte in the metal.
public struct DepthProfile: TrajectoryAnalysis {
  /// Nil stands for any element.
  public let species: Element?
  public let binWidth: Double
  /// In fs.
  public let window: Double

  private var frames = FrameSequence()
  private var contact: AtomDepths?
  private var regions: [Region] = []
  private var area = 0.0
  private var height = 0.0
  private var windows: [Window] = []
  private var intoElectrolyte = DepthSeries()
  private var intoMetal = DepthSeries()

  private struct Window: Sendable {
    let index: Int
    var first = 0.0
    var last = 0.0
    var frames = 0
    var counts: [Int: Int] = [:]
  }

  /// - Throws: `AnalysisError.badParameter`.
  public init(_ species: Element?, binWidth: Double = 1, window: Double = 5000) throws {
    guard binWidth >= 0.01, binWidth <= 100 else {
      throw AnalysisError.badParameter(
        name: "the bin", value: "\(binWidth) Å", expected: "a length from 0.01 to 100 Å")
    }
    guard window > 0, window.isFinite else {
      throw AnalysisError.badParameter(
        name: "the window", value: "\(window / 1000) ps", expected: "a time above zero")
    }
    self.species = species
    self.binWidth = binWidth
    self.window = window
  }

  public mutating func consume(_ frame: Frame) throws {
    let index = try frames.accept(frame)
    if index == 0 { try begin(frame.structure) }
    guard let depths = try contact?.depths(in: frame) else { throw AnalysisError.noFrames }
    let axis = NormalAxis(frame.structure)
    area += axis.area
    height += axis.height
    count(depths, at: frame.time)
    intoElectrolyte.append(zip(depths, regions).filter { $0.1 == .metal && $0.0 > 0 }.map(\.0))
    intoMetal.append(zip(depths, regions).filter { $0.1 == .electrolyte && $0.0 < 0 }.map { -$0.0 })
  }

  private mutating func begin(_ structure: Structure) throws {
    let atoms = try AtomSelection.all.atoms(of: species, in: structure)
    contact = try AtomDepths(of: atoms, in: structure)
    let labels = structure.regions ?? []
    regions = atoms.map { labels[$0] }
  }

  private mutating func count(_ depths: [Double], at time: Double) {
    let index = Int(((time - frames.times[0]) / window + 1e-9).rounded(.down))
    if windows.last?.index != index { windows.append(Window(index: index, first: time)) }
    let last = windows.count - 1
    windows[last].last = time
    windows[last].frames += 1
    for depth in depths {
      // Far away from any cell, bins would not fit into a number.
      let bin = max(-1e6, min(1e6, (depth / binWidth).rounded(.down)))
      windows[last].counts[Int(bin), default: 0] += 1
    }
  }

  /// - Throws: `AnalysisError.noFrames`.
  public func result() throws -> DepthProfiles {
    guard frames.count > 0, let contact, let contacts = contact.contacts else {
      throw AnalysisError.noFrames
    }
    let bins = windows.flatMap(\.counts.keys)
    let all = Array((bins.min() ?? 0)...(bins.max() ?? 0))
    let frameCount = Double(frames.count)
    let meanHeight = height / frameCount
    let volume = area / frameCount * Double(contacts)
    let reach = contact.range.map { $0.lowerBound * meanHeight...$0.upperBound * meanHeight }
    let widths = all.map { bin in
      let (low, high) = (Double(bin) * binWidth, Double(bin + 1) * binWidth)
      guard let reach else { return binWidth }
      // Between two contacts the outermost bins are only partly there.
      let part = min(high, reach.upperBound) - max(low, reach.lowerBound)
      return max(part, 0.1 * binWidth)
    }
    return DepthProfiles(
      species: species?.symbol ?? "any", atoms: regions.count, contacts: contacts,
      binWidth_A: binWidth, depth_A: all.map { (Double($0) + 0.5) * binWidth },
      windows: windows.map { window in
        ProfileWindow(
          from_ps: window.first / 1000, to_ps: window.last / 1000, frames: window.frames,
          density_per_nm3: zip(all, widths).map { bin, width in
            1000 * Double(window.counts[bin] ?? 0) / (Double(window.frames) * volume * width)
          })
      },
      times_ps: frames.times_ps,
      intoElectrolyte: regions.contains(.metal) ? intoElectrolyte : nil,
      intoMetal: regions.contains(.electrolyte) ? intoMetal : nil,
      warnings: contact.warning.map { [$0] } ?? [])
  }
}

/// How deep atoms of one side lie in the other; one value a frame, nil where none is there.
public struct DepthSeries: Sendable, Codable, Hashable {
  /// How many lie beyond the contact plane.
  public private(set) var atoms: [Int] = []
  /// Of these, half lie less deep.
  public private(set) var median_A: [Double?] = []
  /// Of these, nine of ten lie less deep.
  public private(set) var ninety_A: [Double?] = []
  public private(set) var deepest_A: [Double?] = []

  mutating func append(_ depths: [Double]) {
    let sorted = depths.sorted()
    atoms.append(sorted.count)
    median_A.append(quantile(0.5, of: sorted))
    ninety_A.append(quantile(0.9, of: sorted))
    deepest_A.append(sorted.last)
  }
}

/// The profile of a stretch of time.
public struct ProfileWindow: Sendable, Codable, Hashable {
  /// Times of its first and last frame.
  public let from_ps: Double
  public let to_ps: Double
  public let frames: Int
  public let density_per_nm3: [Double]
}

/// Profiles of a species across the contact, and how deep each side went into the other.
public struct DepthProfiles: Sendable, Codable {
  public let species: String
  public let atoms: Int
  public let contacts: Int
  public let binWidth_A: Double
  public let depth_A: [Double]
  public let windows: [ProfileWindow]
  public let times_ps: [Double]
  /// Of the atoms that came from the metal; nil where it has none of the species.
  public let intoElectrolyte: DepthSeries?
  /// Of the atoms that came from the electrolyte; nil where it has none of the species.
  public let intoMetal: DepthSeries?
  public let warnings: [String]
}
