import Atomistics

/// Bader's atoms: space cut along the surfaces of zero flux of the electron density, on a grid.
///
/// Every point's electrons go up the density to its maxima; the basin of a maximum belongs to the
/// nearest nucleus. Points below the vacuum density belong to no atom and are summed apart, so that
///
///     ∑ atoms + vacuum = ∑ ρ V/N
///
/// The density that is integrated and the one whose maxima and surfaces are looked for may differ: a
/// valence density has no maximum at some nuclei, and its basins are then those of the density with
/// the core (`reference`).
///
/// | symbol | name | unit | shape |
/// |---|---|---|---|
/// | N_A | `atoms[A].electrons` | 1 | one per atom, in the structure's order |
/// | V_A | `atoms[A].volume` | Å³ | one per atom |
/// | - | `maxima` | | one per maximum, in the order of the grid's points |
/// | N | `electrons`, of the whole cell | 1 | |
///
/// The electrons are those of the density given; the charge of an atom is what it has without them
/// (its nucleus, or the ion of its pseudopotential) minus N_A.
///
/// Complexity: O(points), 17 bytes a point beside the density for weights (18 with plateaus), 13 for near-grid.
public struct BaderPartition: Sendable {
  /// How points are shared out to basins.
  public enum Method: String, Sendable, CaseIterable {
    /// Shares of a point to several basins, by the flux through the faces of its Voronoi cell:
    /// M. Yu and D. R. Trinkle, J. Chem. Phys. 134, 064111 (2011), doi 10.1063/1.3553716.
    case weight
    /// Each point to one basin, on the path along the gradient: W. Tang, E. Sanville and
    /// G. Henkelman, J. Phys.: Condens. Matter 21, 084204 (2009), doi 10.1088/0953-8984/21/8/084204.
    case nearGrid = "near-grid"
  }

  /// A maximum of the density and its basin.
  public struct Maximum: Sendable {
    /// In Å, within the cell; of a plateau one of its points.
    public let position: Vector3
    /// In e/Å³, of the density whose basins they are.
    public let density: Double
    public let electrons: Double
    /// In Å³.
    public let volume: Double
    /// The nearest atom, whose the basin is.
    public let atom: Int
    /// From that atom's nucleus in Å.
    public let distance: Double
  }

  public struct Atom: Sendable {
    public let electrons: Double
    /// In Å³.
    public let volume: Double
    /// How many maxima are its own.
    public let maxima: Int
  }

  public let method: Method
  public let atoms: [Atom]
  public let maxima: [Maximum]
  public let vacuumElectrons: Double
  /// In Å³.
  public let vacuumVolume: Double
  /// The integral of the density over the cell.
  public let electrons: Double
  /// A maximum nearer than this to a nucleus is the nucleus' own, in Å: the diagonal of a grid cell.
  public let nuclearRadius: Double
  /// Maxima farther from any nucleus than the grid explains.
  public var offNucleusMaxima: [Maximum] { maxima.filter { $0.distance > nuclearRadius } }

  /// - Parameters:
  ///   - density: in e/Å³; these electrons are counted.
  ///   - reference: finds the basins and the vacuum, on the same points; the density itself if nil.
  ///   - vacuumDensity: points of the reference below it (e/Å³) are vacuum; none are with 0.
  /// - Throws: `AnalysisError.badDensity` where the grids differ or hold what is no number.
  public init(
    of density: VolumetricGrid, reference: VolumetricGrid? = nil, method: Method = .weight,
    vacuumDensity: Double = 1e-3, threads: Int = 1
  ) throws {
    let reference = reference ?? density
    guard density.hasPoints(of: reference) else {
      throw AnalysisError.badDensity(
        "the density has \(Self.name(density)), the reference \(Self.name(reference)); both must "
          + "come from one calculation, in the same format and on the same grid")
    }
    try Self.check(density, "density")
    try Self.check(reference, "reference")
    let threshold = vacuumDensity > 0 ? vacuumDensity : -Double.infinity
    let found = Self.maxima(density, reference, method, threshold: threshold, threads: threads)
    self.method = method
    let dV = density.pointVolume
    let vacuum = Self.sums(density, reference, below: threshold, threads: threads)
    electrons = vacuum.all * dV
    vacuumElectrons = vacuum.density * dV
    vacuumVolume = vacuum.points * dV
    let nearest = NearestAtom(reference.structure)
    maxima = found.map { maximum in
      let position = reference.position(of: maximum.point)
      let (atom, distance) = nearest.atom(to: position)
      return Maximum(
        position: position, density: reference.values[maximum.point],
        electrons: maximum.density * dV, volume: maximum.points * dV, atom: atom,
        distance: distance)
    }
    var sums = Array(repeating: SIMD3<Double>.zero, count: reference.structure.count)
    for maximum in maxima {
      sums[maximum.atom] += SIMD3(maximum.electrons, maximum.volume, 1)
    }
    atoms = sums.map { Atom(electrons: $0.x, volume: $0.y, maxima: Int($0.z)) }
    let edges = (0..<3).map {
      reference.structure.lattice.matrix[$0] / Double(reference.counts[$0])
    }
    nuclearRadius =
      [(1.0, 1.0), (1, -1), (-1, 1), (-1, -1)]
      .map { (edges[0] + $0.0 * edges[1] + $0.1 * edges[2]).length }.max() ?? 0
  }

  private static func maxima(
    _ density: VolumetricGrid, _ reference: VolumetricGrid, _ method: Method, threshold: Double,
    threads: Int
  ) -> [DensityMaximum] {
    density.values.withUnsafeBufferPointer { values in
      reference.values.withUnsafeBufferPointer { heights in
        guard let values = values.baseAddress, let heights = heights.baseAddress else { return [] }
        return switch method {
        case .weight:
          WeightAscent(
            GridStencil.faces(reference), reference: heights, density: values, threshold: threshold,
            threads: threads
          ).maxima()
        case .nearGrid:
          NearGridAscent(
            reference, reference: heights, density: values, threshold: threshold, threads: threads
          ).maxima()
        }
      }
    }
  }

  private static func name(_ grid: VolumetricGrid) -> String {
    "\(grid.counts.x) x \(grid.counts.y) x \(grid.counts.z) points in a cell of "
      + "\((grid.structure.volume * 1000).rounded() / 1000) Å³"
  }

  private static func check(_ grid: VolumetricGrid, _ name: String) throws {
    let sum = grid.values.withUnsafeBufferPointer { values in
      values.reduce(0) { $0 + $1 * 0 }
    }
    guard sum == 0 else {
      throw AnalysisError.badDensity("the \(name) holds a value that is not a finite number")
    }
    guard grid.structure.count > 0 else {
      throw AnalysisError.badDensity("there are no atoms to which basins could belong")
    }
  }

  /// The density's sum over all points, and its sum and their number over the vacuum.
  private static func sums(
    _ density: VolumetricGrid, _ reference: VolumetricGrid, below threshold: Double, threads: Int
  ) -> (all: Double, density: Double, points: Double) {
    let count = density.values.count
    let chunks = min(count, 256)
    var parts = Array(repeating: SIMD3<Double>.zero, count: chunks)
    parts.withUnsafeMutableBufferPointer { parts in
      nonisolated(unsafe) let parts = parts
      parallelFor(chunks: chunks, threads: threads) { chunk in
        var sum = SIMD3<Double>.zero
        for point in (count * chunk / chunks)..<(count * (chunk + 1) / chunks) {
          let value = density.values[point]
          let isVacuum = reference.values[point] < threshold
          sum += isVacuum ? SIMD3(value, value, 1) : SIMD3(value, 0, 0)
        }
        parts[chunk] = sum
      }
    }
    let total = parts.reduce(.zero, +)
    return (total.x, total.y, total.z)
  }
}
