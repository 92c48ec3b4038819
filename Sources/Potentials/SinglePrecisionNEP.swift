import Atomistics
import CKernels

/// A neuroevolution potential evaluated in single precision with the widest vectors that the
/// processor has: what dynamics runs on.
///
/// The equations are `NEPPotential`'s. Coordinates are whole multiples of a power of two, so that
/// pair vectors are exact before they are rounded to single precision, wherever the atoms are;
/// forces are rounded to multiples of 2⁻³² eV/Å and summed exactly, so that neither the number of
/// threads nor the order changes a bit and total momentum stays what it was. Forces differ from
/// those of `NEPPotential` by about 1e-6 eV/Å.
///
/// Bits are the same for one program on one instruction set; `instructions` names it.
public struct SinglePrecisionNEP: ShortRangeCalculator {
  /// The same model in double precision.
  public let reference: NEPPotential
  public let instructions: NEPInstructions

  public init(_ reference: NEPPotential, instructions: NEPInstructions = .available[0]) {
    self.reference = reference
    self.instructions = instructions
  }

  public var name: String { reference.name + ", single precision" }
  public var cutoff: Double { reference.cutoff }
  public var skin: Double { 0.6 }

  public func validate(_ species: some Sequence<Element>) throws {
    try reference.validate(species)
  }

  /// The kernel makes its own list; `neighbors` is not looked at.
  public func evaluate(_ structure: Structure, neighbors: NeighborList) -> Evaluation {
    guard hasRoom(for: Set(structure.species).count) else {
      return reference.evaluate(
        structure, neighbors: NeighborList(structure, cutoff: reference.cutoff))
    }
    var evaluator = NEPEvaluator(self, structure, skin: 0)
    return evaluator.evaluate(structure)
  }

  public func evaluator(for structure: Structure, skin: Double) -> any Evaluator {
    // What the kernel has no room for waits for the reference.
    guard hasRoom(for: Set(structure.species).count) else {
      return reference.evaluator(for: structure, skin: skin)
    }
    return NEPEvaluator(self, structure, skin: skin)
  }

  /// How dynamics of a structure of so many species is computed here: "single precision, AVX2".
  public func arithmetic(species: Int) -> String {
    hasRoom(for: species) ? "single precision, \(instructions)" : "double precision"
  }

  private func hasRoom(for species: Int) -> Bool {
    let header = reference.header
    return species > 0 && species <= Int(IK_LANES)
      && max(header.radialCount, header.angularCount) <= Int(IK_MOST_FUNCTIONS)
      && max(header.radialBasis, header.angularBasis) < Int(IK_MOST_POLYNOMIALS)
  }
}

/// An instruction set that the kernels are compiled for.
public struct NEPInstructions: @unchecked Sendable, CustomStringConvertible {
  // Unchecked because of the pointers, to functions and constants of the program.
  let kernel: ik_kernel

  /// Those that this processor can run, the fastest first.
  public static let available: [NEPInstructions] = {
    var found:
      (
        UnsafePointer<ik_kernel>?, UnsafePointer<ik_kernel>?, UnsafePointer<ik_kernel>?,
        UnsafePointer<ik_kernel>?
      ) = (nil, nil, nil, nil)
    return withUnsafeMutablePointer(to: &found) { tuple in
      tuple.withMemoryRebound(to: UnsafePointer<ik_kernel>?.self, capacity: 4) { list in
        (0..<Int(ik_kernels(list))).map { NEPInstructions(kernel: list[$0]!.pointee) }
      }
    }
  }()

  public var description: String { String(cString: kernel.name) }
}
