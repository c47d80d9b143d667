package org.medbackup.corpus;

import java.math.BigDecimal;
import java.util.List;
import org.medbackup.corpus.Encounter.Diagnosis;
import org.medbackup.corpus.Encounter.Test;

/** Real codes with names of our own wording: LOINC, ICD-10-CM, HCPCS level II. */
final class ClinicalCodes {

    static final List<String> DEPARTMENTS = Words.words("CARD ED ICU MED ONC PEDS SURG");

    static final List<Test> LABORATORY = tests("""
            718-7|Hemoglobin|g/dL|12.0|16.0
            4544-3|Hematocrit|%|36.0|48.0
            6690-2|Leukocytes|10*3/uL|4.5|11.0
            777-3|Platelets|10*3/uL|150|400
            2345-7|Glucose|mg/dL|70|99
            2951-2|Sodium|mmol/L|136|145
            2823-3|Potassium|mmol/L|3.5|5.1
            2075-0|Chloride|mmol/L|98|107
            17861-6|Calcium|mg/dL|8.5|10.2
            2160-0|Creatinine|mg/dL|0.60|1.30
            3094-0|Urea nitrogen|mg/dL|7|20
            1742-6|Alanine aminotransferase|U/L|7|56
            1920-8|Aspartate aminotransferase|U/L|10|40
            1751-7|Albumin|g/dL|3.5|5.0
            1975-2|Bilirubin, total|mg/dL|0.1|1.2
            4548-4|Hemoglobin A1c|%|4.0|5.6
            3016-3|Thyrotropin|m[IU]/L|0.40|4.00
            2093-3|Cholesterol|mg/dL|125|200""");

    static final List<Test> VITAL_SIGNS = tests("""
            8867-4|Heart rate|/min|60|100
            8480-6|Systolic blood pressure|mm[Hg]|90|120
            8462-4|Diastolic blood pressure|mm[Hg]|60|80
            8310-5|Body temperature|Cel|36.1|37.2
            9279-1|Respiratory rate|/min|12|20
            29463-7|Body weight|kg|45.0|110.0""");

    static final List<Diagnosis> DIAGNOSES = Words.lines("""
            E11.9|Type 2 diabetes mellitus without complications
            F33.1|Major depressive disorder, recurrent, moderate
            I10|Essential (primary) hypertension
            I48.91|Unspecified atrial fibrillation
            J18.9|Pneumonia, unspecified organism
            J45.909|Unspecified asthma, uncomplicated
            K35.80|Unspecified acute appendicitis
            M54.50|Low back pain, unspecified
            N39.0|Urinary tract infection, site not specified
            S72.001A|Fracture of neck of right femur, first visit""").stream()
            .map(line -> line.split("\\|"))
            .map(part -> new Diagnosis(part[0], part[1]))
            .toList();

    static final List<Service> SERVICES = Words.lines("""
            G0463|Outpatient clinic visit|14200
            G0378|Observation care, per hour|9850
            G0008|Influenza vaccine given|3100
            J1885|Ketorolac injection|1875
            J2405|Ondansetron injection|1240
            J3490|Drug, not classified|4415
            Q3014|Telehealth site fee|2995
            A0428|Ambulance, basic support|51230
            C1713|Bone anchor|88410""").stream()
            .map(line -> line.split("\\|"))
            .map(part -> new Service(part[0], part[1], Integer.parseInt(part[2])))
            .toList();

    private ClinicalCodes() {}

    private static List<Test> tests(String table) {
        return Words.lines(table).stream()
                .map(line -> line.split("\\|"))
                .map(part -> new Test(part[0], part[1], part[2], new BigDecimal(part[3]), new BigDecimal(part[4])))
                .toList();
    }

    /** What can be ordered, and its list price in cents. */
    record Service(String code, String name, int price) {}
}
