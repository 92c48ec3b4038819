import Atomistics

/// What a potential sees of each atom of a structure.
///
/// | symbol | name | shape |
/// |---|---|---|
/// | s q | `rows`: descriptors times the model's scale factors, without unit | atoms × `width` |
/// | h | `activations` of the hidden layer, if they were asked for | atoms × neurons |
///
/// Scaled descriptors vary over about 1 in the frames that the model was trained on.
public struct AtomDescriptors: Sendable {
  public let width: Int
  public let rows: [Double]
  public let activations: [Double]?
}

extension NEPPotential {
  /// The descriptors of a structure's atoms; cheaper than an evaluation.
  ///
  /// - Parameter withActivations: whether the outputs of the hidden layer are wanted too, which
  ///   `ActiveSet.grades` are made of.
  /// - Throws: `AtomisticsError.badStructure`, `PotentialsError.unsupportedElement`.
  public func descriptors(
    of structure: Structure, withActivations: Bool = false
  ) throws -> AtomDescriptors {
    try structure.validate(minimumDistance: 0.2)
    try validate(Set(structure.species))
    let list = NeighborList(structure, cutoff: cutoff)
    let width = header.descriptorCount
    var rows = [Double](repeating: 0, count: structure.count * width)
    var hidden = [Double](
      repeating: 0, count: withActivations ? structure.count * header.neurons : 1)
    // Nothing is written where these lead.
    var (energy, force, virial) = (0.0, Vector3.zero, Matrix3.zero)
    rows.withUnsafeMutableBufferPointer { rows in
      hidden.withUnsafeMutableBufferPointer { hidden in
        withUnsafeMutablePointer(to: &energy) { energy in
          withUnsafeMutablePointer(to: &force) { force in
            withUnsafeMutablePointer(to: &virial) { virial in
              fill(
                Output(
                  energies: energy, forces: force, virials: virial,
                  hidden: withActivations ? hidden.baseAddress : nil,
                  descriptors: rows.baseAddress), structure, list)
            }
          }
        }
      }
    }
    return AtomDescriptors(
      width: width, rows: rows, activations: withActivations ? hidden : nil)
  }
}
