import Atomistics
import Potentials

/// Crystals with random displacements under random strains.
///
///     ε = d D + (v/3) 1,   D symmetric, tr D = 0, |D| = 1,   d ∈ [0, `deviator`], v ∈ [−`dilation`, `dilation`]
///
/// and every coordinate moves by a normal number times one of `displacements`. In every second frame
/// of a crystal with clusters these keep their shape: each turns by up to `turn` about a random axis
/// and shifts as a body, and only what belongs to none is displaced by itself.
///
/// | symbol | name | unit |
/// |---|---|---|
/// | - | `displacements`, taken in turn | Å |
/// | d, v | uniform in their ranges | - |
/// | - | `turn` | rad |
///
/// The note `strain` of a frame is ε as xx yy zz yz xz xy (lattice and atoms times 1 + ε), `displacement`
/// the size. Structures that are no crystal are neither strained nor repeated.
struct RattledCrystals: SampleRecipe {
  var count: Int
  var displacements: [Double]
  var deviator: Double
  var dilation: Double
  var turn = Double.pi / 2
  var clusters: [Cluster]
  var cell: SampleCell
  var closest: Double

  var kind: SampleKind { .rattled }
  var variant: String { "" }
  var usesCalculator: Bool { false }

  func frames(
    of source: SampleSource, random: inout RandomGenerator, calculator: (any Calculator)?
  ) -> SampledFrames {
    let start = source.isCrystal ? cell.supercell(of: source.structure) : source.structure
    let bodies = RigidCluster.all(in: start, of: clusters)
    var result = SampledFrames()
    for k in 0..<count {
      let size = displacements[k / (bodies.isEmpty ? 1 : 2) % displacements.count]
      let strain = source.isCrystal ? strain(&random) : .zero
      let turns = !bodies.isEmpty && k % 2 == 1
      let structure =
        turns
        ? turned(start.strained(by: strain, keeping: bodies), bodies, size, &random)
        : rattled(start.strained(by: strain), size, &random)
      result.take(
        SampledFrame(
          structure: structure, group: turns ? "turned" : "rattled",
          trajectory: "\(source.name)/rattled",
          notes: [("strain", strain.voigtText), ("displacement", "\(size)")]),
        unlessNearerThan: closest)
    }
    return result
  }

  private func strain(_ random: inout RandomGenerator) -> Matrix3 {
    var free = Matrix3.zero
    for (i, j) in [(0, 0), (1, 1), (2, 2), (1, 2), (0, 2), (0, 1)] {
      // Off the diagonal a component stands twice.
      let value = random.gaussian() * (i == j ? 1 : 0.5.squareRoot())
      free[i, j] = value
      free[j, i] = value
    }
    let mean = (free[0, 0] + free[1, 1] + free[2, 2]) / 3
    let traceless = free - mean * Matrix3.identity
    let length = deviator * random.uniform()
    let volume = dilation * (2 * random.uniform() - 1)
    return (length / traceless.frobeniusNorm) * traceless + (volume / 3) * Matrix3.identity
  }

  private func rattled(
    _ structure: Structure, _ size: Double, _ random: inout RandomGenerator
  ) -> Structure {
    var result = structure
    for atom in result.positions.indices {
      result.positions[atom] += size * random.gaussianVector()
    }
    return result
  }

  private func turned(
    _ structure: Structure, _ bodies: [RigidCluster], _ size: Double,
    _ random: inout RandomGenerator
  ) -> Structure {
    var result = rattled(structure, size, &random)
    for body in bodies {
      body.place(in: &result, turnedBy: random.rotation(upTo: turn))
    }
    return result
  }
}

/// How far a crystal is repeated before it is displaced or moves.
struct SampleCell: Codable, Sendable, Hashable {
  /// Images this far apart are far enough, Å.
  var distance: Double
  var maximumAtoms: Int

  func supercell(of structure: Structure) -> Structure {
    structure.roundestSupercell(maximumAtoms: maximumAtoms, enoughAt: distance)
  }
}

extension Matrix3 {
  /// xx yy zz yz xz xy of a symmetric matrix, with the digits that read back to the same bits.
  var voigtText: String {
    [self[0, 0], self[1, 1], self[2, 2], self[1, 2], self[0, 2], self[0, 1]]
      .map { "\($0)" }.joined(separator: " ")
  }
}
