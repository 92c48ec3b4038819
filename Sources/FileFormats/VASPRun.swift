import Atomistics

/// A VASP run as its `vasprun.xml` tells it: the last complete ionic step, and how it was reached.
///
/// The energy is that for kT -> 0, `e_0_energy` of the last complete `<calculation>`, as for
/// pymatgen's `Vasprun.final_energy`. Some versions of VASP write another energy into that place
/// of the ionic step (https://www.vasp.at/forum/viewtopic.php?t=16942); where it differs by more
/// than 1e-7 eV from F of the ionic step + (E0 - F) of its last electronic step, which are right,
/// that sum is taken, rounded to 1e-8 eV.
///
/// | name | unit |
/// |---|---|
/// | `energy` of the cell | eV |
/// | `structure` | Å |
/// | `largestForce` on what may move | eV/Å |
/// | `bandGap`, from eigenvalues and occupations | eV |
/// | `cutoff` of the plane waves | eV |
/// | `hubbard`, U - J | eV |
/// | `energyTolerance` (EDIFF) | eV |
/// | `ionicTolerance` (EDIFFG) | eV, or eV/Å if below 0 |
///
/// Source of the format: https://www.vasp.at/wiki/Vasprun.xml.
public struct VASPRun: Sendable {
  public let path: String
  /// VASP's version, such as `6.4.2`.
  public let version: String?
  /// The structure of the last complete ionic step.
  public let structure: Structure
  public let energy: Double
  /// The functional by the names of pymatgen's `run_type`: `GGA`, `PBE+U`, `R2SCAN`, `HSE06`.
  public let functional: String
  /// U - J by species, in the order of the pseudopotentials; empty without DFT+U.
  public let hubbard: [(element: Element, value: Double)]
  /// Titles of the pseudopotentials (POTCAR), one per species.
  public let potentialTitles: [String]
  public let cutoff: Double?

  /// NSW, IBRION, NELM, EDIFF and EDIFFG, as given or VASP's default.
  public let mostIonicSteps: Int
  public let ionicMethod: Int
  public let mostElectronicSteps: Int
  public let energyTolerance: Double
  public let ionicTolerance: Double

  /// Complete ionic steps in the file.
  public let ionicSteps: Int
  /// Electronic steps in the last of them.
  public let electronicSteps: Int
  /// Whether the electrons of the last ionic step converged before NELM.
  public let isElectronicallyConverged: Bool
  /// Whether the ions converged; true for a run that was to move none. See `ionicTolerance`.
  public let isIonicallyConverged: Bool
  public let largestForce: Double?
  /// 0 where bands overlap; nil where the last complete ionic step has no eigenvalues.
  public let bandGap: Double?
  /// Whether the file ends before its last tag: the run was killed, or the copy cut off.
  public let isTruncated: Bool

  public var composition: Composition { structure.composition }
  public var energyPerAtom: Double { energy / Double(structure.count) }

  /// Reads a run, plain or gzip, in memory that does not grow with the file.
  ///
  /// A file that was cut off is read up to its last complete ionic step.
  ///
  /// - Throws: `FileFormatsError.missing`, `.unreadable`; `.truncated` where the file ends before
  ///   its first complete ionic step; `.badFile` with the line where it is not VASP's or damaged,
  ///   or where the run has no total energy.
  public init(path: String) throws {
    self = try VASPRunReader(path: path).run()
  }

  /// Whether a text that begins with these lines is surely a vasprun.xml.
  public static func claims(head: [String]) -> Bool {
    head.contains { line in
      let start = line.drop { $0.isWhitespace }
      return start.hasPrefix("<modeling>") || start.hasPrefix("<modeling ")
    }
  }

  /// What a user of the energy has to know, each one sentence that names the file.
  public var warnings: [String] {
    var notes: [String] = []
    let step = "step \(ionicSteps) of at most \(mostIonicSteps)"
    let force = largestForce.map { ", largest force \(Self.rounded($0)) eV/Å" } ?? ""
    if isTruncated, mostIonicSteps > 1 {
      notes.append(
        "the file was cut off; the last complete ionic step counts (\(step)\(force)), and the ions "
          + (isIonicallyConverged ? "had converged by then" : "had not converged"))
    } else if isTruncated {
      notes.append("the file was cut off after its last ionic step")
    } else if !isIonicallyConverged {
      notes.append("the ions did not converge (\(step)\(force)); the energy is too high")
    } else if let largestForce, leavesForces {
      notes.append(
        "the run ended with a largest force of \(Self.rounded(largestForce)) eV/Å, above its "
          + "criterion of \(Self.rounded(-ionicTolerance)) eV/Å")
    }
    if ionicMethod == 0, mostIonicSteps > 0 {
      notes.append("this is molecular dynamics; the energy is that of its last step, not relaxed")
    } else if (5...8).contains(ionicMethod) {
      notes.append("this is a run for phonons; its last step has displaced atoms")
    }
    return notes.map { "\(path): \($0)." }
  }

  private var leavesForces: Bool {
    guard let largestForce, (1...3).contains(ionicMethod), mostIonicSteps > 0 else { return false }
    return ionicTolerance < 0 && largestForce > -ionicTolerance
  }

  private static func rounded(_ value: Double) -> String {
    "\((value * 1e4).rounded() / 1e4)"
  }
}

extension VASPRun {
  /// A run from what its file holds.
  init(
    _ header: VASPRunHeader, last: VASPIonicStep, previous: VASPIonicStep?, count: Int,
    isTruncated: Bool
  ) throws {
    let settings = header.parameters
    func integer(_ name: String, default value: Int) throws -> Int {
      try settings.integer(name) ?? header.incar.integer(name) ?? value
    }
    func real(_ name: String) throws -> Double? {
      try settings.real(name) ?? header.incar.real(name)
    }
    path = header.path
    version = header.version
    structure = try header.checkedStructure(of: last)
    guard let energy = last.energy else {
      throw header.failure(
        last.line,
        "the last complete ionic step has no total energy: VASP printed stars, or this "
          + "is no run for a ground state (GW, response functions)")
    }
    guard abs(energy) < 1e6 * Double(structure.count) else {
      throw header.failure(
        last.line, "an energy of \(energy) eV is none of \(structure.count) atoms")
    }
    self.energy = energy
    hubbard = try header.hubbard()
    functional = try VASPFunctional(
      incar: header.incar, parameters: settings, firstTitle: header.titles.first,
      hubbard: hubbard.map(\.value)
    ).name()
    potentialTitles = header.titles
    cutoff = try real("ENMAX") ?? real("ENCUT")
    mostIonicSteps = try integer("NSW", default: 0)
    ionicMethod = try integer("IBRION", default: mostIonicSteps <= 0 ? -1 : 0)
    mostElectronicSteps = try integer("NELM", default: 60)
    energyTolerance = try real("EDIFF") ?? 1e-4
    ionicTolerance = try real("EDIFFG") ?? 10 * energyTolerance
    ionicSteps = count
    let response = try header.incar.logical("LEPSILON") ?? false
    electronicSteps =
      response ? last.groundStateSteps ?? last.electronicSteps : last.electronicSteps
    let isExact = header.incar.text("ALGO")?.uppercased() == "EXACT" && mostElectronicSteps == 1
    isElectronicallyConverged =
      isExact
      || (response
        ? electronicSteps != mostElectronicSteps : electronicSteps < mostElectronicSteps)
    largestForce = last.largestForce(free: last.cell?.free.nilIfEmpty ?? header.initial?.free ?? [])
    bandGap = last.bands?.gap
    self.isTruncated = isTruncated
    let change = previous.flatMap { previous in
      last.energies["e_fr_energy"].flatMap { e in previous.energies["e_fr_energy"].map { e - $0 } }
    }
    isIonicallyConverged = IonicConvergence(
      method: ionicMethod, mostSteps: mostIonicSteps, tolerance: ionicTolerance, steps: count
    ).holds(isTruncated: isTruncated, largestForce: largestForce, energyChange: change)
  }
}

/// When ions count as converged.
private struct IonicConvergence {
  let method: Int
  let mostSteps: Int
  let tolerance: Double
  let steps: Int

  /// In a whole file VASP's own ending decides: before NSW it stopped because it had converged.
  /// A file that was cut off says nothing by its length, so its forces or energies decide.
  func holds(isTruncated: Bool, largestForce: Double?, energyChange: Double?) -> Bool {
    if mostSteps <= 1 { return true }
    if method == 0 || ((1...2).contains(method) && tolerance == 0) { return steps == mostSteps }
    guard isTruncated else { return steps < mostSteps }
    if tolerance < 0 { return largestForce.map { $0 <= -tolerance } ?? false }
    return energyChange.map { abs($0) < tolerance } ?? false
  }
}

extension Array {
  fileprivate var nilIfEmpty: Self? { isEmpty ? nil : self }
}
