import Atomistics
import CKernels

/// A labelled structure made ready for fitting: its neighbours in blocks of eight of one species, and
/// its labels less what the repulsion at short range gives.
public final class NEPFitFrame: @unchecked Sendable {
  // Unchecked because of the pointers only: nothing writes after `init`.
  /// eV, without the repulsion.
  let energy: Double
  /// eV/Å, x y z of one atom after another, without the repulsion.
  let forces: [Float]
  /// X = Σ_p **f**_p ⊗ **r**_p = V σ in eV: xx yy zz yz xz xy; nil where there is no label.
  let virial: [Double]?
  /// Of the frame in the loss.
  public let weight: Double
  public let atomCount: Int
  let mostBlocks: Int
  /// The most neighbours of an atom within each cut-off.
  let capacities: (radial: Int, angular: Int)
  let frame: UnsafeMutablePointer<ik_fit_frame>
  private let species: UnsafeMutablePointer<Int32>
  private let firstBlock: UnsafeMutablePointer<Int32>
  private let blocks: UnsafeMutablePointer<ik_fit_block>

  /// - Parameters:
  ///   - structure: with elements of the model only.
  ///   - energy: eV, less a shift per element.
  ///   - forces: eV/Å.
  ///   - virial: −V σ in eV, if there is a label.
  ///   - weight: of the frame in the loss.
  ///   - repulsion: that of the model that is to be fitted.
  /// - Throws: `AtomisticsError.badStructure`, `PotentialsError.unsupportedElement`.
  public init(
    _ structure: Structure, energy: Double, forces: [Vector3], virial: Matrix3?, weight: Double,
    for repulsion: NEPRepulsion
  ) throws {
    precondition(forces.count == structure.count, "a force for each atom")
    let header = repulsion.header
    let close = try repulsion.evaluate(structure)
    self.energy = energy - close.energy
    self.forces = zip(forces, close.forces).flatMap { force, other in
      let f = force - other
      return [Float(f.x), Float(f.y), Float(f.z)]
    }
    self.virial = virial.map { label in
      let x = (-1.0) * label - structure.volume * close.stress
      return [
        x[0, 0], x[1, 1], x[2, 2], (x[1, 2] + x[2, 1]) / 2, (x[0, 2] + x[2, 0]) / 2,
        (x[0, 1] + x[1, 0]) / 2,
      ]
    }
    self.weight = weight
    atomCount = structure.count
    species = .allocate(capacity: max(1, structure.count))
    for (i, element) in structure.species.enumerated() {
      species[i] = Int32(header.species.firstIndex(of: element)!)
    }
    let reach = max(header.radialCutoffs.max()!, header.angularCutoffs.max()!)
    let list = NeighborList(structure, cutoff: reach)
    var rows: [ik_fit_block] = []
    var starts: [Int32] = [0]
    var most = 0
    var (radial, angular) = (0, 0)
    for i in 0..<structure.count {
      let sorted = Self.neighbors(of: i, list, structure, header, species)
      radial = max(radial, sorted.radial)
      angular = max(angular, sorted.angular)
      rows += sorted.blocks
      starts.append(Int32(rows.count))
      most = max(most, sorted.blocks.count)
    }
    mostBlocks = most
    capacities = (radial, angular)
    firstBlock = .allocate(capacity: starts.count)
    firstBlock.initialize(from: starts, count: starts.count)
    blocks = .allocate(capacity: max(1, rows.count))
    blocks.initialize(from: rows, count: rows.count)
    frame = .allocate(capacity: 1)
    frame.initialize(
      to: ik_fit_frame(
        atoms: Int32(structure.count), species: UnsafePointer(species),
        first_block: UnsafePointer(firstBlock), blocks: UnsafePointer(blocks)))
  }

  deinit {
    frame.deallocate()
    blocks.deallocate()
    firstBlock.deallocate()
    species.deallocate()
  }

  private struct Neighbor {
    let atom: Int32
    let vector: Vector3
  }

  private static func neighbors(
    of i: Int, _ list: NeighborList, _ structure: Structure, _ header: NEPHeader,
    _ species: UnsafePointer<Int32>
  ) -> (blocks: [ik_fit_block], radial: Int, angular: Int) {
    let types = header.species.count
    var near = [[Neighbor]](repeating: [], count: types)
    var far = near
    let own = Int(species[i])
    for pair in list.pairs(of: i) {
      let atom = list.neighbors[pair]
      let other = Int(species[Int(atom)])
      let vector = list.vector(pair, from: i, in: structure)
      let radial = (header.radialCutoffs[own] + header.radialCutoffs[other]) / 2
      let angular = (header.angularCutoffs[own] + header.angularCutoffs[other]) / 2
      let length = vector.length
      if length < angular {
        near[other].append(Neighbor(atom: atom, vector: vector))
      } else if length < radial {
        far[other].append(Neighbor(atom: atom, vector: vector))
      }
    }
    var blocks: [ik_fit_block] = []
    for other in 0..<types {
      blocks += Self.blocks(near[other], species: other, isNear: true, center: i)
      blocks += Self.blocks(far[other], species: other, isNear: false, center: i)
    }
    let angular = near.reduce(0) { $0 + $1.count }
    return (blocks, angular + far.reduce(0) { $0 + $1.count }, angular)
  }

  private static func blocks(
    _ neighbors: [Neighbor], species: Int, isNear: Bool, center: Int
  ) -> [ik_fit_block] {
    stride(from: 0, to: neighbors.count, by: 8).map { first in
      var block = ik_fit_block()
      block.species = Int32(species)
      block.near = isNear ? 1 : 0
      withUnsafeMutableBytes(of: &block) { bytes in
        let numbers = bytes.bindMemory(to: Float.self)
        for lane in 0..<8 {
          let neighbor = first + lane < neighbors.count ? neighbors[first + lane] : nil
          // Lanes that are not taken lie beyond every cut-off.
          let r = neighbor?.vector ?? Vector3(1000, 0, 0)
          numbers[lane] = Float(r.x)
          numbers[8 + lane] = Float(r.y)
          numbers[16 + lane] = Float(r.z)
          numbers[24 + lane] = Float(bitPattern: UInt32(neighbor?.atom ?? Int32(center)))
        }
      }
      return block
    }
  }
}
