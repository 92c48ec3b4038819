import Atomistics
import Dynamics
import Interfaces
import Potentials

/// The lateral registry of a contact by a calculator: all shifts rigid, the best few relaxed.
public struct ContactRegistry: Sendable {
  /// One of the best shifts after its atoms were relaxed.
  public struct Relaxed: Sendable {
    public let point: RegistryScan.Point
    /// eV.
    public let energy: Double
    public let converged: Bool
    public let structure: Structure
  }

  public let scan: RegistryScan
  /// In the order of their energies before relaxation.
  public let relaxed: [Relaxed]

  /// The shift of least energy: relaxed, where any was; equal energies (within 1 µeV): the one that
  /// was lower before.
  public var chosen: RegistryScan.Point { chosenRelaxed?.point ?? scan.best }

  /// The relaxed contact at that shift.
  public var chosenRelaxed: Relaxed? {
    relaxed.enumerated().min {
      (($0.element.energy * 1e6).rounded(), $0.offset)
        < (($1.element.energy * 1e6).rounded(), $1.offset)
    }?.element
  }

  /// - Parameters:
  ///   - relaxing: how many of the best shifts to relax.
  ///   - progress: what is being done, for a person.
  ///   - shouldStop: asked before every shift and after every step of a relaxation.
  /// - Throws: `WorkflowsError.interrupted`; what the calculator and `Relaxation` throw.
  public init(
    _ candidate: ContactCandidate, settings: ContactSettings, grid: RegistryCell.Grid,
    calculator: any Calculator, relaxing count: Int = 0, relaxation: Relaxation = .ofContacts,
    progress: (String) -> Void = { _ in }, shouldStop: () -> Bool = { false }
  ) throws {
    var done = 0
    scan = try RegistryScan(candidate, settings: settings, grid: grid) { structure in
      if shouldStop() { throw WorkflowsError.interrupted("the scan of registries") }
      done += 1
      progress("registry: shift \(done)")
      return try calculator.evaluate(structure).energy
    }
    relaxed = try scan.ranked.prefix(count).map { point in
      let contact = CoherentInterface(candidate, settings: settings, shift: point.shift)
      let result = try relaxation.relax(contact.structure, with: calculator) { now in
        progress(
          "registry: relaxing, step \(now.step), largest force \(rounded(now.largestForce, 3)) eV/Å"
        )
      } shouldStop: {
        shouldStop()
      }
      guard !result.stopped else {
        throw WorkflowsError.interrupted("the relaxation of registries")
      }
      return Relaxed(
        point: point, energy: result.energy, converged: result.converged,
        structure: result.structure)
    }
  }
}

extension Relaxation {
  /// Of contacts, the cell fixed, to 0.05 eV/Å: what is left is far below the thermal forces of the
  /// dynamics, and a contact that reacts has no minimum near by.
  public static var ofContacts: Relaxation {
    var relaxation = Relaxation()
    relaxation.largestForce = 0.05
    relaxation.mostSteps = 1500
    return relaxation
  }
}
